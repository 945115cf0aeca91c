/** Approximate, but drift-free: a cached activation stays within its threshold of what its node computes, however long. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseOptions} from '../../src';
import {useBackend} from '../backends';
import {numbers, randomize} from '../importers/helpers';
import {atScale} from '../scale';
import {plain, scene, SHAPE, sidesInTurn, SIZE, smallModel, valuesOf} from './helpers';

const CHANNELS = 3;

function oneConvolution() {
  const model = sequential();
  const conv = layers.conv2d({
    filters: CHANNELS,
    kernelSize: 3,
    padding: 'same',
    name: 'conv',
    inputShape: [...SHAPE],
  });
  model.add(conv);
  randomize(model);
  return model;
}

/** A random walk: most pixels move a little in every frame. */
function walk(frame: Float32Array, t: number): Float32Array {
  const steps = numbers(frame.length, 100 + t);
  frame.forEach((value, i) => (frame[i] = Math.abs(steps[i]) < 0.5 ? value + steps[i] * 0.1 : value));
  return frame;
}

const FRAMES = atScale({short: 100, ci: 200, long: 200});

/** What rounding to float32 may add. */
const ROUNDING = 1e-5;

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  const farthest = (a: Float32Array, b: Float32Array, channel: number) =>
    a.reduce(
      (most, value, i) => (i % CHANNELS === channel ? Math.max(most, Math.abs(value - b[i])) : most),
      0,
    );

  test.each<[string, ReuseOptions['threshold']]>([
    ['alone', 0.05],
    ['by node', {nodes: {conv: 0.05}}],
    ['by default', {default: 0.05}],
  ])(`an absolute threshold, given %s, holds over ${FRAMES} frames`, (_how, threshold) => {
    const model = oneConvolution();
    const reuse = withReuse(model, {engine, policy: 'incremental', threshold});
    const frame = scene();
    let approximate = 0;
    for (let t = 0; t < FRAMES; t++) {
      const actual = valuesOf(reuse.predict(walk(frame, t)));
      const expected = plain(model, frame);
      const worst = Math.max(...[0, 1, 2].map((channel) => farthest(actual, expected, channel)));
      expect(worst).toBeLessThanOrEqual(0.05 + ROUNDING);
      if (worst > ROUNDING) approximate++;
    }
    expect(approximate).toBeGreaterThan(FRAMES / 2);
    reuse.dispose();
  });

  test("a relative threshold is one of each channel's RMS over the first frame", () => {
    const model = oneConvolution();
    const reuse = withReuse(model, {engine, policy: 'incremental', threshold: {relative: 0.05}});
    const frame = scene();
    const first = valuesOf(reuse.predict(frame));
    const limits = [0, 1, 2].map((channel) => {
      const values = first.filter((_, i) => i % CHANNELS === channel);
      return 0.05 * Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    });
    let approximate = 0;
    for (let t = 0; t < FRAMES; t++) {
      const actual = valuesOf(reuse.predict(walk(frame, t)));
      const expected = plain(model, frame);
      limits.forEach((limit, channel) => {
        const worst = farthest(actual, expected, channel);
        expect(worst).toBeLessThanOrEqual(limit + ROUNDING);
        if (worst > ROUNDING) approximate++;
      });
    }
    expect(approximate).toBeGreaterThan(FRAMES / 2);
    reuse.dispose();
  });

  test.each([false, true])(
    'the gate copies a pixel only when it moved farther, regions given: %s',
    (given) => {
      const model = oneConvolution();
      const gate = 0.08;
      const reuse = withReuse(model, {engine, policy: 'incremental', inputThreshold: gate});
      const frame = scene();
      const gated = frame.slice();
      for (let t = 0; t < FRAMES; t++) {
        walk(frame, t);
        if (t === 50) frame[8] = NaN;
        if (t === 60) frame[8] = 0.5;
        for (let pixel = 0; pixel < SIZE && t > 0; pixel += 2) {
          const within = [0, 1].every((k) => Math.abs(frame[pixel + k] - gated[pixel + k]) <= gate);
          if (!within) gated.set(frame.subarray(pixel, pixel + 2), pixel);
        }
        if (t === 0) gated.set(frame);
        const changed = given ? [{y: 0, x: 0, height: 8, width: 9}] : undefined;
        const actual = valuesOf(reuse.predict(frame, {changed}));
        const expected = plain(model, gated);
        const far = actual.filter(
          (value, i) => !(Object.is(value, expected[i]) || Math.abs(value - expected[i]) <= ROUNDING),
        );
        expect(far).toHaveLength(0);
      }
      reuse.dispose();
    },
  );

  test('with a gate, frames with and without regions take turns, and nothing drifts', () => {
    const model = oneConvolution();
    const reuse = withReuse(model, {engine, policy: 'incremental', inputThreshold: 0.1});
    const identity = model.layers[0];
    tf.tidy(() => {
      const kernel = new Float32Array(3 * 3 * 2 * CHANNELS);
      kernel[(4 * 2 + 0) * CHANNELS] = 1;
      identity.setWeights([tf.tensor(kernel, [3, 3, 2, CHANNELS]), tf.zeros([CHANNELS])]);
    });
    const frame = new Float32Array(SIZE);
    const whole = [{y: 0, x: 0, height: 8, width: 9}];
    for (let t = 0; t < 100; t++) {
      frame.fill(t * 0.03);
      const values = valuesOf(reuse.predict(frame, t % 3 === 1 ? {changed: whole} : {}));
      expect(Math.abs(values[0] - frame[0])).toBeLessThanOrEqual(0.1 + ROUNDING);
    }
    reuse.dispose();
  });

  test('NaN counts as changed, and goes away again', () => {
    const model = oneConvolution();
    const reuse = withReuse(model, {engine, policy: 'incremental', threshold: 1000});
    const frame = scene();
    valuesOf(reuse.predict(frame));
    frame[0] = NaN;
    expect(valuesOf(reuse.predict(frame))[0]).toBeNaN();
    frame[0] = 0.25;
    expect(valuesOf(reuse.predict(frame))[0]).toBeCloseTo(plain(model, frame)[0], 5);
    reuse.dispose();
  });

  test('the default leaves vectors exact; a name reaches them', () => {
    const model = smallModel();
    const frame = scene();
    const moved = () => {
      const next = frame.slice();
      next[20] += 0.01;
      return next;
    };
    const differs = (threshold: ReuseOptions['threshold']) => {
      const reuse = withReuse(model, {engine, policy: 'incremental', threshold});
      const first = valuesOf(reuse.predict(frame));
      const second = valuesOf(reuse.predict(moved()));
      reuse.dispose();
      return !first.every((value, i) => value === second[i]);
    };
    expect(differs(0)).toBe(true);
    expect(differs({default: 1000, nodes: {first: 0, second: 0}})).toBe(true);
    expect(differs({nodes: {head: 1000}})).toBe(false);
  });
});
