/** Typed arrays of any type are read as tf.tensor would take them; the model's own frames are the measure. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse, type InputArray, type PredictInput} from '../../src';
import {mayOverlap, readableAs} from '../../src/model/arrays';
import {backends, useBackend} from '../backends';
import {numbers, randomize} from '../importers/helpers';
import {expectClose, SHAPE, SIZE, smallModel, valuesOf} from '../promises/helpers';

type Class = new (values: readonly number[]) => InputArray;
/** Values that a type holds as they are, and others that lie between those of 32-bit floats or would wrap round. */
const classes: [string, Class, number[]][] = [
  ['Float32Array', Float32Array, [0.1, -2.5, 1e-3]],
  ['Float64Array', Float64Array, [0.1, -2.5, 1 / 3]],
  ['Int8Array', Int8Array, [-128, 127, -1]],
  ['Uint8Array', Uint8Array, [0, 255, 128]],
  ['Uint8ClampedArray', Uint8ClampedArray, [0, 255, 300]],
  ['Int16Array', Int16Array, [-32768, 32767, -1]],
  ['Uint16Array', Uint16Array, [0, 65535, 32768]],
  ['Int32Array', Int32Array, [-(2 ** 31), 2 ** 31 - 1, 16777217]],
  ['Uint32Array', Uint32Array, [0, 2 ** 32 - 1, 2 ** 31]],
];
const {Float16Array: Half} = globalThis as {Float16Array?: Class};
if (Half) classes.push(['Float16Array', Half, [0.1, -2.5, 65504]]);

const filled = (Type: Class, values: readonly number[], size = SIZE) =>
  new Type(Array.from({length: size}, (_, i) => values[i % values.length]));

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(classes)('%s, frame after frame, and through run()', async (_name, Type, values) => {
    const model = smallModel();
    const reuse = withReuse(model, {policy: 'incremental'});
    const frame = filled(Type, values);
    for (const at of [0, 5, 77]) {
      (frame as Float32Array)[at] = values[(at + 1) % values.length];
      const expected = tf.tidy(() =>
        valuesOf(model.predict(tf.tensor(Float32Array.from(frame as Float32Array), [1, ...SHAPE]))),
      );
      expectClose(valuesOf(reuse.predict(frame)), expected);
      expectClose(valuesOf(await reuse.predictAsync(frame)), expected);
      expectClose(reuse.run(frame), expected);
      expect(reuse.lastFrame?.path).not.toBe('dense');
    }
    reuse.dispose();
  });

  test.each(classes)('a picture of %s, four values a pixel of which two are taken', (_name, Type, values) => {
    const model = smallModel();
    const reuse = withReuse(model, {policy: 'incremental'});
    const data = filled(Type, values, 72 * 4);
    const first = Array.from({length: SIZE}, (_, i) => data[4 * (i >> 1) + (i & 1)]);
    const expected = tf.tidy(() => valuesOf(model.predict(tf.tensor(first, [1, ...SHAPE]))));
    expectClose(valuesOf(reuse.predict({data, height: 8, width: 9})), expected);
    reuse.dispose();
  });

  test.each(['int32', 'bool'] as const)('for an input of %s', (dtype) => {
    const model = sequential({
      layers: [layers.inputLayer({inputShape: [4], dtype}), layers.reshape({targetShape: [4, 1]})],
    });
    const reuse = withReuse(model, {policy: 'incremental'});
    for (const [, Type, values] of classes) {
      const frame = filled(Type, values, 4);
      const expected = tf.tidy(() => valuesOf(model.predict(tf.tensor(Array.from(frame), [1, 4], dtype))));
      expect(Array.from(valuesOf(reuse.predict(frame)))).toEqual(Array.from(expected));
    }
    reuse.dispose();
  });

  test("a Buffer's frame is the one that it held when it was asked for", async () => {
    const model = smallModel();
    const reuse = withReuse(model, {policy: 'incremental'});
    const frame = Buffer.from(Uint8Array.from({length: SIZE}, (_, i) => i));
    const expected = tf.tidy(() => valuesOf(model.predict(tf.tensor([...frame], [1, ...SHAPE]))));
    const work = reuse.predictAsync(frame);
    frame.fill(0);
    expectClose(valuesOf(await work), expected);
    reuse.dispose();
  });
});

describe('on cpu', () => {
  beforeAll(() => useBackend('cpu'));

  test.each<[string, unknown, RegExp]>([
    [
      'a BigInt64Array',
      new BigInt64Array(SIZE),
      /got a BigInt64Array of 144. Convert it with Float32Array.from\(x, Number\)/,
    ],
    ['a BigUint64Array', new BigUint64Array(SIZE), /got a BigUint64Array/],
    ['a DataView', new DataView(new ArrayBuffer(SIZE)), /got a DataView/],
    ['an ArrayBuffer', new ArrayBuffer(SIZE), /got an ArrayBuffer. Pass a typed array over it/],
    ['null', null, /takes a tensor, a typed array.*got null/],
    ['undefined', undefined, /got undefined/],
    ['a string', 'frame', /got 'frame'/],
    ['a number', 5, /got 5/],
    ['a function', () => 5, /got a function/],
    ['a Promise', Promise.resolve(5), /got a Promise, which has to be awaited first/],
    ['a Map', new Map(), /got a Map/],
    ['numbers', [...scratch()], /plain array of numbers; pass tf.tensor/],
    ['rows of numbers', [[...scratch()]], /plain array of arrays; pass tf.tensor/],
    [
      'a picture of numbers',
      {data: [...scratch()], width: 9, height: 8},
      /A picture is \{data, width, height\}; its data must be a typed array/,
    ],
    [
      'a picture of BigInts',
      {data: new BigInt64Array(SIZE), width: 9, height: 8},
      /data must be a typed array/,
    ],
    ['a picture without rows', {data: new Uint8Array(0), width: 9, height: 0}, /picture of 0 × 9/],
    ['a list of null', [null], /must be a tensor, a typed array.*got null/],
    ['a list with a hole', new Array(1), /must be a tensor, a typed array.*got undefined/],
    ['a BigInt64Array in a list', [new BigInt64Array(SIZE)], /got a BigInt64Array.*Convert it/],
    ['null by name', {first_input: null}, /must be a tensor, a typed array.*got null/],
    ['undefined by name', {first_input: undefined}, /given no 'first_input'/],
    ['a name that every object has', {toString: 1}, /no input 'toString'/],
    ['a tensor of text', () => tf.fill([1, ...SHAPE], 'a'), /Expected dtype float32 .*got string/],
    ['a TensorBuffer', () => tf.buffer([1, ...SHAPE]), /Pass its toTensor\(\)/],
  ])('%s is refused', (_what, x, message) => {
    const reuse = withReuse(smallModel());
    tf.tidy(() => {
      const given = (
        _what.startsWith('a tensor') || _what.startsWith('a TensorB') ? (x as () => unknown)() : x
      ) as PredictInput;
      expect(() => reuse.predict(given)).toThrow(message);
    });
    reuse.dispose();
  });

  test('a tensor that is a variable is taken', () => {
    const model = smallModel();
    const reuse = withReuse(model);
    const x = tf.variable(tf.ones([1, ...SHAPE]));
    expectClose(valuesOf(reuse.predict(x)), valuesOf(model.predict(x)));
    x.dispose();
    reuse.dispose();
  });

  test('those that engines read are not copied, and no array is converted twice', () => {
    for (const data of [new Float32Array(2), new Int32Array(2), new Uint8Array(2), new Uint8ClampedArray(2)])
      expect(readableAs(data, 'float32')).toBe(data);
    const buffer = Buffer.from([1, 2]);
    const own = readableAs(buffer, 'float32');
    expect(own.constructor).toBe(Uint8Array);
    expect(own.buffer).toBe(buffer.buffer);
  });
});

function scratch(): Float32Array {
  return new Float32Array(SIZE);
}

describe("run() into memory that the frames' is part of", () => {
  /** As many values out as in, so that one may lie in the other; each output is of its neighbourhood. */
  function wide(): LayersModel {
    const model = sequential({
      layers: [layers.conv2d({filters: 2, kernelSize: 3, padding: 'same', inputShape: [...SHAPE]})],
    });
    randomize(model, 3);
    return model;
  }

  test.each(
    backends.flatMap((backend) =>
      (['incremental', 'dense', 'auto'] as const).map((policy) => [backend, policy] as const),
    ),
  )('on %s, %s: whatever the offset, and however many frames', async (backend, policy) => {
    await useBackend(backend);
    const model = wide();
    for (const rows of [1, 2, 3]) {
      for (const offset of [0, 1, 7, SIZE, SIZE + 3, -1, -SIZE]) {
        for (const Memory of [ArrayBuffer, SharedArrayBuffer]) {
          const memory = new Memory(4 * (rows * SIZE + Math.abs(offset)));
          const frames = new Float32Array(memory, 4 * Math.max(0, -offset), rows * SIZE);
          const out = new Float32Array(memory, 4 * Math.max(0, offset), rows * SIZE);
          frames.set(numbers(rows * SIZE, 5));
          const expected = tf.tidy(() =>
            valuesOf(model.predict(tf.tensor(frames.slice(), [rows, ...SHAPE]))),
          );
          const reuse = withReuse(model, {policy});
          expect(reuse.run(frames, out)).toBe(out);
          expectClose(out, expected);
          reuse.dispose();
        }
      }
    }
    model.dispose();
  });

  test('is found out by where it lies', () => {
    const memory = new ArrayBuffer(64);
    const at = (byte: number, length: number) => new Uint8Array(memory, byte, length);
    expect(mayOverlap(at(0, 8), at(8, 8))).toBe(false);
    expect(mayOverlap(at(0, 9), at(8, 8))).toBe(true);
    expect(mayOverlap(at(8, 8), at(0, 9))).toBe(true);
    expect(mayOverlap(at(0, 8), new Uint8Array(8))).toBe(false);
    // Two objects may stand for one shared memory.
    expect(
      mayOverlap(new Uint8Array(new SharedArrayBuffer(8)), new Uint8Array(new SharedArrayBuffer(8))),
    ).toBe(true);
  });

  test.each<[string, unknown, RegExp]>([
    ['an Int32Array', new Int32Array(4), /'out' must be a Float32Array.*got an Int32Array of 4/],
    ['a Float64Array', new Float64Array(4), /got a Float64Array of 4/],
    ['a plain array', [0, 0, 0, 0], /got \[0, 0, 0, 0\]/],
    ['null', null, /got null/],
    ['a number', 4, /got 4/],
    ['too short', new Float32Array(3), /'out' needs 4 values, has 3/],
    ['too long', new Float32Array(5), /'out' needs 4 values, has 5/],
  ])('%s is refused', (_what, out, message) => {
    const reuse = withReuse(smallModel());
    expect(() => reuse.run(new Float32Array(SIZE), out as Float32Array)).toThrow(message);
    reuse.dispose();
  });
});
