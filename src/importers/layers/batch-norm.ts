/** Batch normalization, with the statistics that were gathered in training. */
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import {built, emit, inputShape, isLastAxis, ownPixels, type LayerImporter} from './use';

interface BatchNormalization {
  /** A number; an array of one number in models saved by Keras 2.11 and later. */
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  readonly gamma?: LayerVariable;
  readonly beta?: LayerVariable;
  readonly movingMean?: LayerVariable;
  readonly movingVariance?: LayerVariable;
}

export const batchNormalization: LayerImporter = (use) => {
  const layer = use.layer as unknown as BatchNormalization;
  // tfjs normalizes tensors of 2 to 4 axes, the batch axis among them, and rejects others.
  if (!isLastAxis(use, layer.axis) || inputShape(use).length > 3) return null;
  const variables = {
    gamma: layer.gamma,
    beta: layer.beta,
    mean: built(use, layer.movingMean),
    variance: built(use, layer.movingVariance),
  };
  return emit(use, {kind: 'batchNorm', epsilon: layer.epsilon}, variables, [ownPixels(use)]);
};
