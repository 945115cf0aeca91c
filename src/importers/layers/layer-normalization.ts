/** Layer normalization over the channels, which come last. */
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import {emit, inputShape, isLastAxis, ownPixels, type LayerImporter} from './use';

interface LayerNormalization {
  /** A number, or an array of numbers once the layer is built. */
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  /** Null where the layer does not scale, or does not centre. */
  readonly gamma?: LayerVariable | null;
  readonly beta?: LayerVariable | null;
}

export const layerNormalization: LayerImporter = (use) => {
  const {axis, epsilon, gamma, beta} = use.layer as unknown as LayerNormalization;
  // tfjs normalizes tensors of 2 to 4 axes, the batch axis among them, and rejects others.
  if (!isLastAxis(use, axis) || inputShape(use).length > 3) return null;
  return emit(use, {kind: 'layerNormalization', epsilon}, {gamma, beta}, [ownPixels(use)]);
};
