/** What two predictions have in common, against cases worked by hand. */
import * as tf from '@tensorflow/tfjs-core';
import {agreements, type Detection, type Keypoint} from '../../src';
import {useBackend} from '../backends';

beforeAll(() => useBackend('cpu'));

const {detections, keypoints, masks, raw} = agreements;
const one = tf.tensor1d.bind(null);

/** Detections and points travel in a table instead of outputs: row n is what output [n] stands for. */
function table<T>(...rows: T[]) {
  const outputs = rows.map((_, i) => one([i]));
  const decode = (output: unknown) => rows[(output as tf.Tensor).dataSync()[0]];
  return {outputs, decode};
}

const box = (y: number, x: number, size: number): Detection['box'] => [y, x, y + size, x + size];
const at = (place: Detection['box'], score = 0.9, of: number | string = 1): Detection => ({
  box: place,
  score,
  class: of,
});

function f1(reuse: Detection[], dense: Detection[], options: {score?: number; iou?: number} = {}): number {
  const {outputs, decode} = table(reuse, dense);
  const result = detections({decode, ...options})(outputs[0], outputs[1]);
  tf.dispose(outputs);
  return result;
}

describe('detections', () => {
  const a = at(box(0, 0, 10));
  const b = at(box(50, 50, 10));

  test('nothing against nothing agrees; something against nothing does not', () => {
    expect(f1([], [])).toBe(1);
    expect(f1([a], [])).toBe(0);
    expect(f1([], [a])).toBe(0);
  });

  test('the same agree; one of two is two thirds', () => {
    expect(f1([a, b], [b, a])).toBe(1);
    expect(f1([a], [a, b])).toBeCloseTo(2 / 3, 12);
    expect(f1([a, b], [a])).toBeCloseTo(2 / 3, 12);
  });

  test('boxes overlap by half and no less', () => {
    // 10 × 10 and 10 × 20 at the same corner share 100 of 200.
    expect(f1([a], [at([0, 0, 10, 20])])).toBe(1);
    expect(f1([a], [at([0, 0, 10, 20])], {iou: 0.51})).toBe(0);
    // Moved by 5 they share 50 of 150.
    expect(f1([a], [at(box(0, 5, 10))])).toBe(0);
    expect(f1([a], [at(box(0, 5, 10))], {iou: 1 / 3})).toBe(1);
  });

  test('classes must be the same', () => {
    expect(f1([at(box(0, 0, 10), 0.9, 'cat')], [at(box(0, 0, 10), 0.9, 'dog')])).toBe(0);
    expect(f1([at(box(0, 0, 10), 0.9, 'cat')], [at(box(0, 0, 10), 0.9, 'cat')])).toBe(1);
  });

  test('what is below the score is not there, on either side', () => {
    expect(f1([a, at(box(50, 50, 10), 0.29)], [a])).toBe(1);
    expect(f1([a], [a, at(box(50, 50, 10), 0.29)])).toBe(1);
    expect(f1([a], [a, at(box(50, 50, 10), 0.3)])).toBeCloseTo(2 / 3, 12);
    expect(f1([at(box(0, 0, 10), 0.5)], [], {score: 0.6})).toBe(1);
  });

  test('each has one partner, and the higher score takes the better one', () => {
    const sure = at([0, 0, 10, 10], 0.9);
    const unsure = at([0, 0, 10, 11], 0.5);
    expect(f1([sure, unsure], [a])).toBeCloseTo(2 / 3, 12);
    // The sure one takes the box that fits it, which leaves the other box to the other.
    expect(f1([unsure, sure], [at([0, 0, 10, 11]), at([0, 0, 10, 10])])).toBe(1);
  });

  test('boxes without area match nothing, and tensors of the decoder are disposed', () => {
    expect(f1([at(box(3, 3, 0))], [at(box(3, 3, 0))])).toBe(0);
    const outputs = one([1]);
    const before = tf.memory().numTensors;
    const decode = (output: unknown) => (tf.mul(output as tf.Tensor, 2), []);
    expect(detections({decode})(outputs, outputs)).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
    outputs.dispose();
  });
});

describe('keypoints', () => {
  const near = (reuse: Keypoint[], dense: Keypoint[], options: {score?: number; within?: number} = {}) => {
    const {outputs, decode} = table(reuse, dense);
    const result = keypoints({decode, ...options})(outputs[0], outputs[1]);
    tf.dispose(outputs);
    return result;
  };
  const point = (y: number, x: number, score = 1): Keypoint => ({y, x, score});

  test('the share of the points that are near', () => {
    const dense = [point(0, 0), point(10, 10), point(20, 20), point(30, 30)];
    const reuse = [point(0, 2), point(11, 11), point(20, 22.01), point(30, 30)];
    expect(near(dense, dense)).toBe(1);
    expect(near(reuse, dense)).toBe(0.75);
    expect(near(reuse, dense, {within: 1})).toBe(0.25);
  });

  test('guesses of the model are left out, those with reuse are not', () => {
    expect(near([point(0, 0), point(9, 9)], [point(0, 0), point(0, 0, 0.49)])).toBe(1);
    expect(near([point(0, 0, 0.1)], [point(0, 0, 0.5)])).toBe(1);
    expect(near([point(5, 5)], [point(0, 0, 0.4)])).toBe(1);
    expect(near([point(5, 5)], [point(0, 0, 0.4)], {score: 0.4})).toBe(0);
  });

  test('points of a part are compared with all of that part, in any order', () => {
    const part = (y: number, x: number, of: number): Keypoint => ({...point(y, x), part: of});
    const dense = [part(0, 0, 1), part(50, 50, 1), part(9, 9, 2)];
    expect(near([part(9, 9, 2), part(50, 50, 1), part(0, 0, 1)], dense)).toBe(1);
    expect(near([part(9, 9, 1), part(50, 50, 2), part(0, 0, 1)], dense)).toBeCloseTo(1 / 3);
  });

  test('a missing point is not near, and nothing to find is 1', () => {
    expect(near([], [point(0, 0), point(1, 1)])).toBe(0);
    expect(near([point(0, 0)], [])).toBe(1);
  });
});

describe('masks', () => {
  const iou = (reuse: number[], dense: number[], options?: Parameters<typeof masks>[0]) => {
    const [a, b] = [one(reuse), one(dense)];
    const result = masks(options)(a, [b]);
    tf.dispose([a, b]);
    return result;
  };

  test('intersection over union of what is above', () => {
    expect(iou([1, 1, 0, 0], [1, 1, 0, 0])).toBe(1);
    expect(iou([1, 1, 0, 0], [0, 1, 1, 0])).toBeCloseTo(1 / 3, 12);
    expect(iou([0.5, 0.6], [0.6, 0.6])).toBe(0.5);
    expect(iou([0.5, 0.6], [0.6, 0.6], {threshold: 0.4})).toBe(1);
    expect(iou([1, 0], [0, 1])).toBe(0);
    expect(iou([0, 0], [0.5, 0.1])).toBe(1);
  });

  test('a decoder says which values; without one there is one output', () => {
    const [a, b] = [one([1, 1]), one([0, 1])];
    const decode = (outputs: unknown) => (outputs as tf.Tensor[])[1].dataSync();
    expect(masks({decode})([a, b], [b, b])).toBe(1);
    expect(() => masks()([a, b], [b, b])).toThrow(/2 outputs.*'decode'/);
    const longer = one([1, 1, 1]);
    expect(() => masks()(a, longer)).toThrow(/2 values, the other 3/);
    tf.dispose([a, b, longer]);
  });
});

describe('raw', () => {
  const distance = (reuse: number[][], dense: number[][]) => {
    const [a, b] = [reuse, dense].map((lists) => lists.map((values) => one(values)));
    const result = raw()(a, b);
    tf.dispose([a, b]);
    return result;
  };

  test('1 less the relative distance over all outputs, no less than 0', () => {
    expect(distance([[3, 4]], [[3, 4]])).toBe(1);
    expect(distance([[3, 4.5]], [[3, 4]])).toBeCloseTo(0.9, 7);
    expect(distance([[3], [4.5]], [[3], [4]])).toBeCloseTo(0.9, 7);
    expect(distance([[-3, -4]], [[3, 4]])).toBe(0);
    expect(distance([[0]], [[0]])).toBe(1);
    expect(distance([[1]], [[0]])).toBe(0);
    expect(distance([[NaN]], [[1]])).toBeNaN();
  });

  test('maps are compared by name, and other forms refused', () => {
    const [a, b] = [one([1]), one([2, 2])];
    expect(raw()({x: a, y: b}, {y: b, x: a})).toBe(1);
    expect(() => raw()(a, b)).toThrow(/different sizes/);
    expect(() => raw()([a, a], a)).toThrow(/different sizes/);
    tf.dispose([a, b]);
  });
});
