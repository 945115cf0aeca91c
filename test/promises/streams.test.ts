/** Streams, batches, variants and bounds: caches of their own, the same results, and memory that is given back. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {useBackend} from '../backends';
import {atScale} from '../scale';
import {expectClose, plain, poke, scene, sidesInTurn, SIZE, smallModel, tensorOf, valuesOf} from './helpers';

const VARIANTS = atScale({short: 30, ci: 100, long: 100});

/** A layer of the user's own in which every row depends on all others. */
class Mixing extends layers.Layer {
  static className = 'PromisesMixing';
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat();
    return tf.sub(x, tf.mean(x, 0, true));
  }
  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
  override getClassName(): string {
    return Mixing.className;
  }
}

function frames(count: number): Float32Array {
  const all = new Float32Array(count * SIZE);
  const frame = scene();
  for (let t = 0; t < count; t++) all.set(poke(frame, t), t * SIZE);
  return all;
}

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  test('streams are independent; one that is disposed leaves the others and the model', () => {
    const model = smallModel();
    const before = tf.memory().numTensors;
    const first = withReuse(model, {engine, policy: 'incremental'});
    const second = first.stream();
    const [a, b] = [scene(1), scene(2)];
    for (let t = 0; t < 6; t++) {
      expectClose(valuesOf(first.predict(poke(a, t))), plain(model, a));
      expectClose(valuesOf(second.predict(poke(b, t + 1))), plain(model, b));
    }
    expect(second.lastFrame?.path).toBe('incremental');
    first.dispose();
    first.dispose();
    expect(first.cache.bytes).toBe(0);
    expect(() => first.predict(a)).toThrow(/is disposed; wrap the model again/);
    expect(() => first.stream()).toThrow(/disposed/);
    expectClose(valuesOf(second.predict(poke(b, 9))), plain(model, b));
    second.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(plain(model, a)).toHaveLength(4);
    model.dispose();
  });

  test('a stream is found again by its key, whichever stream is asked, until it is disposed', () => {
    const model = smallModel();
    const first = withReuse(model, {engine, policy: 'incremental'});
    const left = first.stream('left');
    expect(first.stream('left')).toBe(left);
    expect(left.stream('left')).toBe(left);
    expect(first.stream(1)).not.toBe(first.stream('1'));
    const faces = [scene(1), scene(2)];
    for (let t = 0; t < 4; t++) {
      faces.forEach((face, id) =>
        expectClose(valuesOf(first.stream(id).predict(poke(face, t))), plain(model, face)),
      );
    }
    expect(first.stream(0).lastFrame?.path).toBe('incremental');
    left.dispose();
    expect(first.stream('left')).not.toBe(left);
  });

  describe.each(['time', 'streams'] as const)("with batch '%s'", (batch) => {
    test.each(['incremental', 'auto'] as const)(
      "a batch equals model.predict, with policy '%s'",
      (policy) => {
        const model = smallModel();
        const reuse = withReuse(model, {engine, policy, batch});
        for (let t = 0; t < 6; t++) {
          const all = frames(4 + (t % 2));
          all[t] += 1;
          const rows = all.length / SIZE;
          expectClose(valuesOf(reuse.predict(tensorOf(all, rows))), plain(model, all, rows));
          expectClose(valuesOf(reuse.predict(all)), plain(model, all, rows));
        }
        expect(reuse.cache.bytes).toBeGreaterThan(0);
        reuse.dispose();
        expect(reuse.cache.bytes).toBe(0);
      },
    );

    test('a layer that mixes rows gets them all', () => {
      const model = smallModel({middle: new Mixing({})});
      const reuse = withReuse(model, {engine, policy: 'incremental', batch});
      const all = frames(3);
      for (let t = 0; t < 3; t++) {
        expectClose(valuesOf(reuse.predict(poke(all, t))), plain(model, all, 3));
        expectClose(valuesOf(reuse.predict(scene(t))), plain(model, scene(t)));
      }
      reuse.dispose();
    });
  });

  test('a batch of frames equals the frames one by one', () => {
    const model = smallModel();
    const [whole, single] = [1, 2].map(() => withReuse(model, {engine, policy: 'incremental'}));
    const all = frames(5);
    const together = valuesOf(whole.predict(all));
    const apart = Array.from({length: 5}, (_, t) => [
      ...valuesOf(single.predict(all.slice(t * SIZE, (t + 1) * SIZE))),
    ]);
    expect([...together]).toEqual(apart.flat());
    [whole, single].forEach((reuse) => reuse.dispose());
  });

  test('commit: false computes variants of the last frame, and leaves the cache alone', () => {
    const model = smallModel();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const frame = scene();
    expect(() => reuse.predict(frame, {commit: false})).toThrow(/last committed frame, and there is none/);
    const first = valuesOf(reuse.predict(frame));
    const {numTensors} = tf.memory();
    const bytes = reuse.cache.bytes;
    for (let t = 0; t < VARIANTS; t++) {
      const variants = new Float32Array([...poke(frame.slice(), t), ...poke(frame.slice(), t + 50)]);
      expectClose(valuesOf(reuse.predict(variants, {commit: false})), plain(model, variants, 2));
    }
    expect({numTensors: tf.memory().numTensors, bytes: reuse.cache.bytes}).toEqual({numTensors, bytes});
    expect(valuesOf(reuse.predict(frame))).toEqual(first);
    expect(reuse.lastFrame?.macs).toBe(0);
    reuse.dispose();
  });

  test('commit: false is refused where a layer may have state, by name', () => {
    const reuse = withReuse(smallModel({middle: new Mixing({name: 'mixer'})}), {
      engine,
      policy: 'incremental',
    });
    tf.dispose(reuse.predict(scene()));
    expect(() => reuse.predict(scene(), {commit: false})).toThrow(/'mixer'/);
    reuse.dispose();
  });

  test('maxBytes: what does not fit is left to the model', () => {
    const model = smallModel();
    const free = withReuse(model, {engine, policy: 'incremental'});
    tf.dispose(free.predict(scene()));
    for (const [maxBytes, path] of [
      [free.cache.bytes, 'prime'],
      [free.cache.bytes - 1, 'dense'],
      [0, 'dense'],
    ] as const) {
      const reuse = withReuse(model, {engine, policy: 'incremental', maxBytes});
      expectClose(valuesOf(reuse.predict(scene(3))), plain(model, scene(3)));
      expect(reuse.lastFrame?.path).toBe(path);
      if (path === 'dense') expect(reuse.lastFrame?.reason).toContain('maxBytes');
      expect(reuse.cache.bytes).toBeLessThanOrEqual(maxBytes);
      reuse.dispose();
    }
    free.dispose();
  });

  test('run() and pictures: values in, values out', () => {
    const model = smallModel();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const out = new Float32Array(4);
    expect(reuse.run(scene(), out)).toBe(out);
    expectClose(out, plain(model, scene()));
    const rgba = Uint8Array.from({length: 8 * 9 * 4}, (_, i) => (i * 37) % 256);
    const pixels = Float32Array.from({length: SIZE}, (_, i) => rgba[4 * (i >> 1) + (i & 1)]);
    expectClose(valuesOf(reuse.predict({data: rgba, width: 9, height: 8})), plain(model, pixels));
    expectClose(reuse.run(Uint8Array.from(pixels)), plain(model, pixels));
    expect(() => reuse.run(scene(), new Float32Array(5))).toThrow(/'out' needs 4 values, has 5/);
    reuse.dispose();
  });

  test.each(['incremental', 'dense', 'auto'] as const)(
    "run() takes several frames: policy '%s'",
    (policy) => {
      const model = smallModel();
      const reuse = withReuse(model, {engine, policy});
      const frames = scene(1, 3 * SIZE);
      const out = new Float32Array(3 * 4);
      for (let t = 0; t < 12; t++) {
        poke(frames, t);
        expect(reuse.run(frames, out)).toBe(out);
        expectClose(out, plain(model, frames, 3));
        expectClose(reuse.run(frames), out);
      }
      reuse.dispose();
    },
  );

  test("run() refuses an 'out' that does not fit before it computes anything", () => {
    const reuse = withReuse(smallModel(), {engine, policy: 'incremental'});
    expect(() => reuse.run(scene(), new Float32Array(3))).toThrow(/'out' needs 4 values, has 3/);
    expect(() => reuse.run(scene(1, 2 * SIZE), new Float32Array(4))).toThrow(/'out' needs 8 values, has 4/);
    expect(reuse.cache.isEmpty).toBe(true);
    expect(reuse.lastFrame).toBeNull();
    reuse.dispose();
  });

  test('lastFrame counts what one pixel reaches, and summary() has a line for each node', () => {
    const reuse = withReuse(smallModel(), {engine, policy: 'incremental'});
    expect(reuse.lastFrame).toBeNull();
    const frame = scene();
    tf.dispose(reuse.predict(frame));
    expect(reuse.lastFrame).toMatchObject({path: 'prime', changed: 1});
    frame[2 * (9 * 4 + 4)] += 1;
    tf.dispose(reuse.predict(frame));
    const report = reuse.lastFrame;
    expect(report).toMatchObject({path: 'incremental', changed: 1 / 72, reason: "policy is 'incremental'"});
    // Flattening computes nothing.
    expect(report?.layers.map(({name}) => name)).toEqual(['first', 'second', 'head']);
    const first = report?.layers.find(({name}) => name === 'first');
    expect(first).toMatchObject({
      affected: 9,
      affectedMacs: 9 * (3 * 3 * 2 * 4),
      denseMacs: 72 * (3 * 3 * 2 * 4),
    });
    const [second, head] = ['second', 'head'].map((wanted) =>
      report!.layers.find(({name}) => name === wanted)!,
    );
    expect(second.changed).toBeLessThan(second.pixels);
    expect(head.affectedMacs).toBeCloseTo((head.denseMacs * second.changed) / second.pixels);
    const lines: string[] = [];
    reuse.summary((line) => lines.push(line));
    for (const name of ['first', 'second', 'head'])
      expect(lines.filter((line) => line.startsWith(name))).toHaveLength(1);
    reuse.dispose();
  });
});
