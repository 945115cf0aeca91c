/**
 * A stream whose cache only monitors for a while, on the WebAssembly engine: results are the model's own throughout,
 * whoever computes. Who does is decided here, in place of the policy, but for the last test: there the policy itself
 * decides, and time is made up.
 */
import * as tf from '@tensorflow/tfjs-core';
import {sequential, layers, type LayersModel} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import {ready, withReuse, type PredictOptions, type ReuseOptions} from '../../src';
import {WasmProgram} from '../../src/engines/wasm/program';
import {AutoPolicy} from '../../src/stream/auto/auto-policy';
import type {Decision} from '../../src/stream/policy';
import {backends, useBackend} from '../backends';
import {numbers, randomize} from '../importers/helpers';
import {expectClose, plain, poke, scene, smallModel, tensorOf, valuesOf} from './helpers';
import {sample} from '../scale';

type Wish = 'model' | 'give up' | 'fill' | 'reuse';

const DECISIONS: Record<Wish, Decision> = {
  model: {path: 'dense', reason: 'wished'},
  'give up': {path: 'dense', reason: 'wished', givesUp: true},
  fill: {path: 'prime', reason: 'wished'},
  reuse: {path: 'incremental', reason: 'wished'},
};

const rect = (index: number) => ({y: Math.floor(index / 18), x: (index % 18) >> 1, height: 1, width: 1});

/** A model with reuse whose frames are computed as wished; reuse of an empty cache fills it. */
function wishing(options: ReuseOptions = {}) {
  const model = smallModel();
  const reuse = withReuse(model, {engine: 'wasm', ...options});
  let wish: Wish = 'model';
  jest.spyOn(AutoPolicy.prototype, 'decide').mockImplementation(({primed}, forecast) => {
    expect(forecast!()).toBeGreaterThanOrEqual(0);
    return wish === 'reuse' && !primed ? DECISIONS.fill : DECISIONS[wish];
  });
  const step = (wished: Wish, frame: Float32Array, given: PredictOptions = {}) => {
    wish = wished;
    expectClose(valuesOf(reuse.predict(frame, given)), plain(model, frame));
    return reuse.lastFrame!;
  };
  return {model, reuse, step};
}

function reweigh(model: LayersModel, seed: number): void {
  tf.tidy(() =>
    model.setWeights(model.getWeights().map((w, i) => tf.tensor(numbers(w.size, seed + i), w.shape))),
  );
}

afterEach(() => jest.restoreAllMocks());

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('a cache that only monitors knows what changed since the last frame', () => {
    const {model, reuse, step} = wishing();
    const frame = scene();
    expect(step('model', frame).changed).toBe(1);
    for (let t = 0; t < 5; t++) {
      frame[20 * t] += 1;
      expect(step('model', frame)).toMatchObject({path: 'dense', changed: 1 / 72});
    }
    expect(step('model', frame).changed).toBe(0);
    expect(step('fill', frame).path).toBe('prime');
    frame[7] += 1;
    expect(step('reuse', frame)).toMatchObject({path: 'incremental', changed: 1 / 72});
    // Frames that the model computed while activations are kept add up; once these are given up, they do not.
    const wishes = ['model', 'model', 'give up', 'model', 'fill', 'reuse'] as const;
    const pixels = wishes.map((wished, t) => {
      frame[20 * t] += 1;
      return Math.round(72 * step(wished, frame).changed!);
    });
    expect(pixels).toEqual([1, 2, 3, 1, 1, 1]);
    reuse.dispose();
    model.dispose();
  });

  test('variants catch up by themselves with the frame that was monitored last', () => {
    const {model, reuse, step} = wishing();
    const frame = scene();
    expect(() => reuse.predict(frame, {commit: false})).toThrow('predict one first');
    step('model', frame);
    for (let t = 0; t < 6; t++) {
      const wished = (['model', 'model', 'fill', 'reuse', 'give up', 'model'] as const)[t];
      step(wished, poke(frame, t));
      const variant = frame.slice();
      variant[5 + t] += 1;
      step('model', variant, {commit: false});
      expect(reuse.lastFrame).toMatchObject({path: 'incremental', reason: 'commit: false'});
      step('model', variant, {commit: false, changed: [rect(5 + t)]});
      step('model', frame, {commit: false, changed: []});
    }
    expect(step('reuse', poke(frame, 9)).path).toBe('incremental');
    reuse.dispose();
    model.dispose();
  });

  test("a caller's regions are taken, and checked where asked, while the cache only monitors", () => {
    const {model, reuse, step} = wishing({verify: true});
    const frame = scene();
    const wishes = [
      'model',
      'model',
      'fill',
      'reuse',
      'model',
      'model',
      'reuse',
      'give up',
      'model',
      'fill',
      'reuse',
    ] as const;
    wishes.forEach((wished, t) => {
      frame[11 * t] += 1;
      step(wished, frame, {changed: [rect(11 * t)]});
    });
    frame[3] += 1;
    expect(() => reuse.predict(frame, {changed: []})).toThrow('misses 1 of the 1 pixels');
    reuse.dispose();
    model.dispose();
  });

  test('a cache that would be larger than maxBytes neither monitors nor fills', () => {
    const {model, reuse, step} = wishing({maxBytes: 1000});
    for (let t = 0; t < 5; t++) {
      expect(step('fill', poke(scene(), t))).toMatchObject({path: 'dense', changed: null});
      expect(reuse.cache.bytes).toBe(0);
    }
    expect(step('model', scene(), {commit: false}).path).toBe('dense');
    reuse.dispose();
    model.dispose();
  });

  test('weights that change while the cache only monitors are those that it is filled with', () => {
    const {model, reuse, step} = wishing();
    const frame = scene();
    for (const [t, wished] of (
      ['model', 'model', 'fill', 'reuse', 'give up', 'model', 'reuse'] as const
    ).entries()) {
      reweigh(model, t);
      step(wished, poke(frame, t));
    }
    step('reuse', poke(frame, 8));
    expect(reuse.lastFrame?.path).toBe('incremental');
    reuse.dispose();
    model.dispose();
  });

  test('reset and dispose give a monitoring cache back', () => {
    const {model, reuse, step} = wishing();
    const before = tf.memory().numTensors;
    step('model', scene());
    const {bytes} = reuse.cache;
    expect(bytes).toBeGreaterThan(0);
    reuse.reset();
    expect(reuse.cache.bytes).toBe(0);
    step('fill', scene(2));
    expect(reuse.cache.bytes).toBe(bytes);
    step('give up', scene(3));
    reuse.cache.clear();
    expect(step('reuse', scene(4)).path).toBe('prime');
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  test('run() and predictAsync() monitor and fill as predict() does', async () => {
    const {model, reuse, step} = wishing();
    const frame = scene();
    for (const [t, wished] of (
      ['model', 'model', 'fill', 'reuse', 'give up', 'model', 'reuse'] as const
    ).entries()) {
      step(wished, poke(frame, 3 * t));
      expectClose(reuse.run(poke(frame, 3 * t + 1)), plain(model, frame));
      const x = tensorOf(poke(frame, 3 * t + 2));
      expectClose(valuesOf(await reuse.predictAsync(x)), plain(model, frame));
      x.dispose();
    }
    reuse.dispose();
    model.dispose();
  });

  test('a frame that fills the cache is read whole, whatever the caller says has changed', () => {
    const {model, reuse, step} = wishing();
    const frame = scene();
    step('reuse', frame);
    // What lies where frames are read in is another one now.
    step('reuse', scene(2), {commit: false});
    expect(step('fill', frame, {changed: []}).path).toBe('prime');
    reuse.dispose();
    model.dispose();
  });

  test('any sequence of frames, wishes, variants, new weights and resets', () => {
    const event = fc.record({
      kind: fc.oneof(
        {weight: 8, arbitrary: fc.constant('frame' as const)},
        {weight: 2, arbitrary: fc.constant('variant' as const)},
        {weight: 1, arbitrary: fc.constantFrom('weights' as const, 'reset' as const)},
      ),
      wish: fc.constantFrom<Wish>('model', 'model', 'give up', 'fill', 'reuse', 'reuse'),
      pixels: fc.uniqueArray(fc.nat(143), {maxLength: 3}),
      says: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(event, {minLength: 4, maxLength: 30}), (events) => {
        const {model, reuse, step} = wishing();
        const frame = scene();
        let isThere = false;
        events.forEach(({kind, wish, pixels, says}, t) => {
          if (kind === 'reset') reuse.reset();
          if (kind === 'weights') reweigh(model, t);
          if (kind === 'reset') isThere = false;
          if (kind === 'reset' || kind === 'weights') return;
          const next = kind === 'variant' ? frame.slice() : frame;
          if (kind === 'variant' && !isThere) return;
          for (const pixel of pixels) next[pixel] += 0.5;
          const changed = says ? pixels.map(rect) : undefined;
          step(wish, next, {changed, commit: kind !== 'variant'});
          isThere = true;
        });
        reuse.dispose();
        model.dispose();
      }),
      sample({short: 10, ci: 30, long: 60}),
    );
  });
});

describe('the policy itself, where time is made up', () => {
  beforeAll(() => useBackend('wasm'));

  test('fills, gives up and fills again, with the right results', async () => {
    await ready();
    const model = sequential();
    model.add(layers.conv2d({filters: 16, kernelSize: 3, activation: 'relu', inputShape: [32, 32, 1]}));
    model.add(layers.conv2d({filters: 16, kernelSize: 3, activation: 'relu'}));
    model.add(layers.globalAveragePooling2d({}));
    randomize(model, 1);

    // The engine takes what it reckons, and the model itself half of what filling the cache is reckoned to take.
    let [time, reckoned, full] = [0, 0, 0];
    jest.spyOn(performance, 'now').mockImplementation(() => time);
    const {decide} = AutoPolicy.prototype;
    jest.spyOn(AutoPolicy.prototype, 'decide').mockImplementation(function (
      this: AutoPolicy,
      situation,
      forecast,
    ) {
      reckoned = forecast?.() ?? Infinity;
      // Nothing is reckoned of frames that nobody looks at.
      if (reckoned < Infinity) full = Math.max(full, reckoned);
      const decision = decide.call(this, situation, forecast);
      if (decision.path === 'prime') reckoned = full;
      return decision;
    });
    const {run} = WasmProgram.prototype;
    jest.spyOn(WasmProgram.prototype, 'run').mockImplementation(function (this: WasmProgram, ...given) {
      time += reckoned;
      return run.apply(this, given);
    });
    const predict = model.predict.bind(model);
    model.predict = (...given) => {
      time += full / 2;
      return predict(...given);
    };

    const reuse = withReuse(model, {engine: 'wasm'});
    const frame = scene(1, 32 * 32);
    const expected = () =>
      tf.tidy(() => valuesOf(predict(tf.tensor4d(frame.slice(), [1, 32, 32, 1])) as tf.Tensor));
    /** Plays frames; returns the ways that the last of them went. */
    const play = (frames: number, next: (t: number) => void) => {
      const paths = new Set<string>();
      for (let t = 0; t < frames; t++) {
        next(t);
        expectClose(reuse.run(frame), expected());
        const {path, reason} = reuse.lastFrame!;
        if (t >= frames - 20 && !reason.startsWith('measuring')) paths.add(path);
      }
      return [...paths];
    };
    const calm = (t: number) => void (frame[(10 * t) % frame.length] += 0.5);
    const wild = (t: number) => frame.set(scene(t + 2, frame.length));
    expect(play(40, calm)).toEqual(['incremental']);
    expect(play(40, wild)).toEqual(['dense']);
    expect(play(1000, calm)).toContain('incremental');
    reuse.dispose();
    model.dispose();
  });
});
