/** What tfjs's backends decide otherwise than each other, asked of the one in use. Not what they only round otherwise. */
import * as tf from '@tensorflow/tfjs-core';
import {asked} from './answers';

/** Along one axis of a nearest resize. */
export interface NearestResize {
  readonly from: number;
  readonly to: number;
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/**
 * The number of the row (or column) of the input that each one of the output is a copy of. Backends multiply by a scale
 * in float32 or in float64, so that they take another row where the product is close to a whole number.
 * @returns null where this backend's are not known yet
 */
export function nearestRows(axis: NearestResize): readonly number[] | null {
  const {from, to, alignCorners, halfPixelCenters} = axis;
  const ask = () => {
    const ramp = tf.reshape(tf.range(0, from), [1, from, 1, 1]) as tf.Tensor4D;
    return tf.image.resizeNearestNeighbor(ramp, [to, 1], alignCorners, halfPixelCenters);
  };
  return asked(`nearest ${from} ${to} ${alignCorners} ${halfPixelCenters}`, ask, () => certainRows(axis));
}

/** The rows by arithmetic, where float32 rounds to the same ones in whatever order a device computes. */
function certainRows({from, to, alignCorners, halfPixelCenters}: NearestResize): number[] | null {
  const one = alignCorners && to > 1 ? 1 : 0;
  const [size, count] = [from - one, to - one];
  const f = Math.fround;
  const ratio = size / count;
  // Divided in float64, in float32, or multiplied by an inverse in float32.
  const ratios = [ratio, f(ratio), f(size * f(1 / count))];
  const row = (place: number) => Math.max(0, Math.min(from - 1, Math.floor(place)));
  const half = halfPixelCenters ? 0.5 : 0;
  const base = alignCorners ? 0.5 : 0;
  const rows: number[] = [];
  for (let i = 0; i < to; i++) {
    const places = ratios.flatMap((by) => [(i + half) * by + base, f(f((i + half) * by) + base)]);
    const [first, ...others] = places.map(row);
    if (others.some((other) => other !== first)) return null;
    rows.push(first);
  }
  return rows;
}

/**
 * How a PReLU has slopes that are neither one a channel nor one for each value: spread along axes of size 1, or, on tfjs's wasm
 * backend, one after the other, round and round over the whole tensor. Null where this backend's way is another one, or not
 * known yet.
 */
export type SlopeOrder = 'spread' | 'repeated' | null;

/** Slopes of two rows in a plane of 2 × 2 pixels with two channels: in one of a single column some other orders look like these. */
const SPREAD = [-1, -1, -1, -1, -2, -2, -2, -2];
const REPEATED = [-1, -2, -1, -2, -1, -2, -1, -2];

function orderOf(answer: readonly number[] | null): SlopeOrder {
  if (answer?.join() === SPREAD.join()) return 'spread';
  return answer?.join() === REPEATED.join() ? 'repeated' : null;
}

export function preluOrder(): SlopeOrder {
  const ask = () => tf.prelu(tf.fill([1, 2, 2, 2], -1), rowSlopes());
  return orderOf(asked('prelu', ask, () => SPREAD));
}

/**
 * The same behind a convolution that it is fused with: there, tfjs's webgpu backend gives pixel after pixel the next slope, and reads
 * on past the last one.
 */
export function fusedPreluOrder(): SlopeOrder {
  const ask = () =>
    tf.fused.conv2d({
      x: tf.fill([1, 2, 2, 1], -1) as tf.Tensor4D,
      filter: tf.ones([1, 1, 1, 2]),
      strides: 1,
      pad: 'valid',
      activation: 'prelu',
      preluActivationWeights: rowSlopes(),
    });
  return orderOf(asked('fused prelu', ask, () => null));
}

const rowSlopes = () => tf.tensor3d([1, 2], [2, 1, 1]);

/**
 * Whether a product of these sizes with a transposed matrix has its bias added, once, to every row. On tfjs's wasm backend it
 * is added again for every 48 values, and rows but the first get other values of it.
 */
export function addsBiasOnce(rows: number, count: number): boolean {
  const some = Math.min(rows, 2);
  const once = some === 1 ? [1, 2] : [1, 2, 1, 2];
  const ask = () =>
    tf.fused.matMul({
      a: tf.zeros([some, count]),
      b: tf.zeros([2, count]),
      transposeB: true,
      bias: tf.tensor1d([1, 2]),
    });
  return asked(`bias ${some} ${count}`, ask, () => once)?.join() === once.join();
}
