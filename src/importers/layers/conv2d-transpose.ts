/** The transposed convolution layer. */
import type {WindowConfig} from '../../graph';
import {activationOf} from '../activations';
import {built, emitActivated, inputShape, pair, type LayerImporter} from './use';
import {windowOf, type Conv} from './window';

/** Rows or columns that a transposed convolution gives, as tfjs reckons them. */
function transposedSide(
  side: number,
  kernel: number,
  stride: number,
  padding: WindowConfig['padding'],
): number {
  return side * stride + (padding === 'valid' ? Math.max(kernel - stride, 0) : 0);
}

export const convTranspose: LayerImporter = (use) => {
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
