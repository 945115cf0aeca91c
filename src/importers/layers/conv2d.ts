/** Convolution layers: of all channels, of each channel by itself, and one after the other. */
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import {LINEAR} from '../../graph';
import {activationOf} from '../activations';
import {built, emitActivated, emitPart, type LayerImporter} from './use';
import {POINT, windowOf, type Conv, type Windowed} from './window';

interface Depthwise extends Windowed {
  readonly depthMultiplier: number;
  readonly depthwiseKernel: LayerVariable | null;
}

interface Separable extends Depthwise {
  readonly filters: number;
  readonly pointwiseKernel: LayerVariable | null;
}

export const conv: LayerImporter = (use) => {
  const layer = use.layer as unknown as Conv;
  const window = windowOf(layer);
  const activation = activationOf(layer.activation);
  if (!window || !activation) return null;
  return emitActivated(
    use,
    (after) => ({kind: 'conv2d', filters: layer.filters, window, activation: after, batchNormEpsilon: null}),
    activation,
    {filter: built(use, layer.kernel), bias: layer.bias},
  );
};

export const depthwise: LayerImporter = (use) => {
  const layer = use.layer as unknown as Depthwise;
  // tfjs takes a dilation rate here and ignores it.
  const window = windowOf(layer, [1, 1]);
  const activation = activationOf(layer.activation);
  if (!window || !activation) return null;
  const {depthMultiplier} = layer;
  return emitActivated(
    use,
    (after) => ({
      kind: 'depthwiseConv2d',
      depthMultiplier,
      window,
      activation: after,
      batchNormEpsilon: null,
    }),
    activation,
    {filter: built(use, layer.depthwiseKernel), bias: layer.bias},
  );
};

export const separable: LayerImporter = (use) => {
  const layer = use.layer as unknown as Separable;
  const window = windowOf(layer);
  const activation = activationOf(layer.activation);
  if (!window || !activation) return null;
  const {depthMultiplier} = layer;
  const between = emitPart(
    use,
    'depthwise',
    {kind: 'depthwiseConv2d', depthMultiplier, window, activation: LINEAR, batchNormEpsilon: null},
    use.inputs,
    {filter: built(use, layer.depthwiseKernel)},
  );
  return emitActivated(
    use,
    (after) => ({
      kind: 'conv2d',
      filters: layer.filters,
      window: POINT,
      activation: after,
      batchNormEpsilon: null,
    }),
    activation,
    {filter: built(use, layer.pointwiseKernel), bias: layer.bias},
    [between],
  );
};
