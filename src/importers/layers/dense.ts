/** Dense layers: over a vector, or over the last axis as a convolution of 1×1. */
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import {LINEAR} from '../../graph';
import {activationOf, type Activated} from '../activations';
import {built, emitActivated, inputShape, type LayerImporter, type LayerUse} from './use';
import {POINT} from './window';

interface Dense extends Activated {
  readonly units: number;
  readonly kernel: LayerVariable | null;
  readonly bias: LayerVariable | null;
}

export const dense: LayerImporter = (use) => {
  const layer = use.layer as unknown as Dense;
  const activation = activationOf(layer.activation);
  const rank = inputShape(use).length;
  if (!activation || rank < 1 || rank > 3) return null;
  return rank === 1 ? denseOverVector(use, layer) : denseOverPixels(use, layer);
};

function denseOverVector(use: LayerUse, layer: Dense) {
  return emitActivated(
    use,
    (activation) => ({kind: 'dense', units: layer.units, activation}),
    activationOf(layer.activation) ?? LINEAR,
    {kernel: built(use, layer.kernel), bias: layer.bias},
  );
}

function denseOverPixels(use: LayerUse, layer: Dense) {
  return emitActivated(
    use,
    (activation) => ({
      kind: 'conv2d',
      filters: layer.units,
      window: POINT,
      activation,
      batchNormEpsilon: null,
    }),
    activationOf(layer.activation) ?? LINEAR,
    {filter: built(use, layer.kernel), bias: layer.bias},
  );
}
