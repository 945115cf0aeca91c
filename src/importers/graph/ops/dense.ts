/** Matrix products: of a vector, or of rows that are pixels, as a convolution of 1×1. */
import type {WindowConfig} from '../../../graph';
import {addsBiasOnce} from '../../asked';
import {graphWeight} from '../constants';
import {constantAt, viewAt, type NodeImporter, type NodeUse, type Weights} from '../use';
import {readsInOrder, valueOf, viewOf, type View} from '../view';
import {emitFused, fusedOf, type Fused} from './fused';

/** A row vector times a matrix. */
export const matMul: NodeImporter = (use) => {
  const {attributes} = use;
  const view = viewAt(use);
  const kernel = constantAt(use, 1);
  if (view?.shape.length !== 2 || kernel?.shape.length !== 2) return null;
  if (attributes.boolean('transpose_a', false)) return null;
  const [rows, count] = view.shape;
  const flipped = attributes.boolean('transpose_b', false);
  const [n, units] = flipped ? [kernel.shape[1], kernel.shape[0]] : kernel.shape;
  const fused = fusedOf(use, units);
  if (count !== n || !fused || fused.slopes) return null;
  if (flipped && fused.bias && !addsBiasOnce(rows, n)) return null;
  const weights = {
    kernel: graphWeight(kernel, [n, units], flipped ? (values) => flip(values, units, n) : undefined),
  };
  if (rows === 1) return vectorProduct(use, view, units, fused, weights);
  return pixelProduct(use, view, units, fused, weights);
};

function vectorProduct(
  use: NodeUse,
  view: View,
  units: number,
  fused: Fused,
  weights: Weights,
): View[] | null {
  // A flattened image keeps its pixels, by which the product is computed block by block.
  const plane = readsInOrder(view) ? use.graph.value(view.value).plane : null;
  const value = valueOf(use.graph, view, plane ?? undefined);
  if (value === null) return null;
  const output = emitFused(use, fused, [value], weights, (activation) => ({
    kind: 'dense',
    units,
    activation,
  }));
  return [viewOf(output, [1, units])];
}

/** Rows that are pixels: a convolution of 1×1. */
function pixelProduct(
  use: NodeUse,
  view: View,
  units: number,
  fused: Fused,
  {kernel}: Weights,
): View[] | null {
  const [rows, count] = view.shape;
  const value = valueOf(use.graph, {...view, shape: [1, rows, count], order: [0, 1, 2]});
  if (value === null || view.order[0] !== 0) return null;
  const window: WindowConfig = {kernel: [1, 1], strides: [1, 1], dilations: [1, 1], padding: 'valid'};
  const output = emitFused(use, fused, [value], {filter: kernel}, (activation) => ({
    kind: 'conv2d',
    filters: units,
    window,
    activation,
    batchNormEpsilon: null,
  }));
  return [viewOf(output, [rows, units])];
}

/** [rows, columns] to [columns, rows]. */
function flip(values: Float32Array, rows: number, columns: number): Float32Array {
  const flipped = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) flipped[c * rows + r] = values[r * columns + c];
  }
  return flipped;
}
