/** Convolution layers, and dense layers: over a vector, or over the last axis as a convolution of 1×1. */
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import {LINEAR, type WindowConfig} from '../../graph';
import {activationOf, type Activated} from '../activations';
import {
  built,
  emitActivated,
  emitPart,
  inputShape,
  pair,
  type LayerImporter,
  type LayerImporters,
  type LayerUse,
} from '../use';

interface Windowed extends Activated {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: string;
  readonly dataFormat: string;
  readonly bias: LayerVariable | null;
}

interface Conv extends Windowed {
  readonly filters: number;
  readonly kernel: LayerVariable | null;
}

interface Depthwise extends Windowed {
  readonly depthMultiplier: number;
  readonly depthwiseKernel: LayerVariable | null;
}

interface Separable extends Depthwise {
  readonly filters: number;
  readonly pointwiseKernel: LayerVariable | null;
}

interface Dense extends Activated {
  readonly units: number;
  readonly kernel: LayerVariable | null;
  readonly bias: LayerVariable | null;
}

const POINT: WindowConfig = {kernel: [1, 1], strides: [1, 1], dilations: [1, 1], padding: 'valid'};

/** The layer's window; null where tfjs itself transposes or refuses. */
function windowOf(layer: Windowed, dilationRate = layer.dilationRate): WindowConfig | null {
  if (layer.dataFormat !== 'channelsLast') return null;
  if (layer.padding !== 'same' && layer.padding !== 'valid') return null;
  const [kernel, strides, dilations] = [layer.kernelSize, layer.strides, dilationRate].map(pair);
  const some = (sides: readonly number[]) => sides.some((side) => side > 1);
  if (some(strides) && some(dilations)) return null;
  return {kernel, strides, dilations, padding: layer.padding};
}

const conv: LayerImporter = (use) => {
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

const depthwise: LayerImporter = (use) => {
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

const separable: LayerImporter = (use) => {
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

/** Rows or columns that a transposed convolution gives, as tfjs reckons them. */
function transposedSide(
  side: number,
  kernel: number,
  stride: number,
  padding: WindowConfig['padding'],
): number {
  return side * stride + (padding === 'valid' ? Math.max(kernel - stride, 0) : 0);
}

const convTranspose: LayerImporter = (use) => {
  const layer = use.layer as unknown as Conv;
  const window = windowOf(layer);
  const activation = activationOf(layer.activation);
  if (!window || !activation || window.dilations.some((side) => side > 1)) return null;
  const {kernel, strides, padding} = window;
  const [height, width] = inputShape(use);
  const size = [height, width].map((side, axis) =>
    transposedSide(side, kernel[axis], strides[axis], padding),
  );
  const before = (axis: 0 | 1) => (padding === 'same' ? Math.max(0, kernel[axis] - strides[axis]) >> 1 : 0);
  return emitActivated(
    use,
    (after) => ({
      kind: 'conv2dTranspose',
      filters: layer.filters,
      kernel,
      strides,
      pad: {top: before(0), left: before(1)},
      size: pair(size),
      activation: after,
    }),
    activation,
    {filter: built(use, layer.kernel), bias: layer.bias},
  );
};

const dense: LayerImporter = (use) => {
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

export const convolutions: LayerImporters = {
  Conv1D: conv,
  Conv2D: conv,
  Conv2DTranspose: convTranspose,
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  Dense: dense,
};
