/**
 * What tfjs's backends decide otherwise than each other: asked of the one in use while a graph is made, and kept, so that
 * each question is put once. Not what they only round otherwise.
 */
import * as tf from '@tensorflow/tfjs-core';

/** By backend, which may be replaced by another one of its name; null where it answers to nobody who does not wait. */
const answers = new WeakMap<object, Map<string, readonly number[] | null>>();

/** Whoever sends frames of many sizes has many questions. */
const MOST_ANSWERS = 512;

/** What the current backend makes of a small tensor; null where it cannot be read at once. */
function asked(question: string, compute: () => tf.Tensor): readonly number[] | null {
  const backend = tf.backend();
  const known = answers.get(backend) ?? new Map<string, readonly number[] | null>();
  answers.set(backend, known);
  const found = known.get(question);
  if (found !== undefined) return found;
  const tensor = tf.tidy(compute);
  const answer = readNow(tensor);
  tensor.dispose();
  if (known.size >= MOST_ANSWERS) known.clear();
  known.set(question, answer);
  return answer;
}

function readNow(tensor: tf.Tensor): readonly number[] | null {
  try {
    return Array.from(tensor.dataSync());
  } catch {
    return null;
  }
}

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
 * @returns null where this backend's are not known
 */
export function nearestRows(axis: NearestResize): readonly number[] | null {
  const {from, to, alignCorners, halfPixelCenters} = axis;
  const answer = asked(`nearest ${from} ${to} ${alignCorners} ${halfPixelCenters}`, () => {
    const ramp = tf.reshape(tf.range(0, from), [1, from, 1, 1]) as tf.Tensor4D;
    return tf.image.resizeNearestNeighbor(ramp, [to, 1], alignCorners, halfPixelCenters);
  });
  return answer ?? certainRows(axis);
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
 * Whether a PReLU takes its slopes one after the other, round and round over the whole tensor, and does not spread them
 * along axes of size 1: tfjs's wasm backend does.
 */
export function preluRepeats(): boolean {
  // By definition the first row has the slope 1, and the second 2.
  const answer = asked('prelu', () => tf.prelu(tf.fill([2, 2], -1), tf.tensor2d([1, 2], [2, 1])));
  return answer !== null && answer[1] !== -1;
}
