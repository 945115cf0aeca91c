/** What callers pass, on its way to who reads it: arrays stay arrays where values are read, and are cut without a copy. */
import * as tf from '@tensorflow/tfjs-core';
import type {FrameArray, Program} from '../../src/engines';
import {batchFor, batchForAsync, frameAt, tensorsOf} from '../../src/model/frames';
import {ownCopy, readInputs} from '../../src/model/inputs';
import {wrapLayersModel} from '../../src/model/wrapped';
import {useBackend} from '../backends';
import {leftBy, scene, SHAPE, SIZE, smallModel, tensorOf} from '../promises/helpers';

const VALUES = {reads: 'values'} as Program;
const TENSORS = {reads: 'tensors'} as Program;
const array = (value: unknown) => value as FrameArray;

beforeAll(() => useBackend('cpu'));

const wrapped = () => wrapLayersModel(smallModel());

test.each([new Float32Array(SIZE), new Int32Array(SIZE), new Uint8Array(SIZE), new Uint8ClampedArray(SIZE)])(
  'a typed array is handed on as it is, whatever its type',
  (data) => {
    const model = wrapped();
    const made = leftBy(() => {
      const inputs = readInputs(data, model);
      const [value] = frameAt(batchFor(VALUES, inputs, model), 0).values;
      expect(inputs).toMatchObject({shapes: [[1, ...SHAPE]], rows: 1});
      expect(array(value).data).toBe(data);
      expect(array(value).stride).toBe(2);
    });
    expect(made).toBe(0);
  },
);

test('a picture is handed on with all its channels, and becomes a tensor of those that are wanted', () => {
  const model = wrapped();
  const data = Uint8ClampedArray.from({length: 8 * 9 * 4}, (_, i) => i % 256);
  const inputs = readInputs({data, width: 9, height: 8}, model);
  const value = array(inputs.values[0]);
  expect(value.data).toBe(data);
  expect(value.stride).toBe(4);
  const [tensor] = tensorsOf(inputs, model);
  expect(tensor.shape).toEqual([1, ...SHAPE]);
  expect(tensor.dataSync()).toEqual(
    Float32Array.from({length: SIZE}, (_, i) => data[4 * (i >> 1) + (i & 1)]),
  );
});

test('rows of an array are parts of it', () => {
  const model = wrapped();
  const data = scene(1, 3 * SIZE);
  const batch = batchFor(VALUES, readInputs(data, model), model);
  for (let row = 0; row < 3; row++) {
    const frame = frameAt(batch, row);
    const value = array(frame.values[0]);
    expect(frame.shapes).toEqual([[1, ...SHAPE]]);
    expect(value.data).toEqual(data.subarray(row * SIZE, (row + 1) * SIZE));
    expect(value.data.buffer).toBe(data.buffer);
  }
});

test('a tensor of several rows is read once, and one of a single row is left to the engine', async () => {
  const model = wrapped();
  const one = tensorOf(scene());
  expect(batchFor(VALUES, readInputs(one, model), model).values[0]).toBe(one);
  const three = tensorOf(scene(1, 3 * SIZE), 3);
  const read = jest.spyOn(three, 'dataSync');
  const batch = batchFor(VALUES, readInputs(three, model), model);
  const later = await batchForAsync(VALUES, readInputs(three, model), model, []);
  for (let row = 0; row < 3; row++) {
    const expected = scene(1, 3 * SIZE).subarray(row * SIZE, (row + 1) * SIZE);
    expect(array(frameAt(batch, row).values[0]).data).toEqual(expected);
    expect(array(frameAt(later, row).values[0]).data).toEqual(expected);
  }
  expect(read).toHaveBeenCalledTimes(1);
  tf.dispose([one, three]);
});

test('who reads tensors gets tensors, and those that were made are told', () => {
  const model = wrapped();
  const data = scene(1, 2 * SIZE);
  const made: tf.Tensor[] = [];
  const batch = batchFor(TENSORS, readInputs(data, model), model, made);
  const second = frameAt(batch, 1, made).values[0] as tf.Tensor;
  expect(second.shape).toEqual([1, ...SHAPE]);
  expect(second.dataSync()).toEqual(data.slice(SIZE));
  expect(made).toEqual([batch.values[0], second]);
  tf.dispose(made);
});

test('whole numbers are handed on to an input that takes them', () => {
  const model = {...wrapped(), inputs: [{name: 'x', shape: [null, 2], dtype: 'int32' as const}]};
  expect(array(readInputs(Float32Array.of(1.75, -2.5), model).values[0]).data).toEqual(Int32Array.of(1, -2));
  const bytes = Uint8Array.of(3, 4);
  const inputs = readInputs(bytes, model);
  expect(array(inputs.values[0]).data).toBe(bytes);
  const [tensor] = tensorsOf(inputs, model);
  expect(tensor.dtype).toBe('int32');
  expect(tensor.dataSync()).toEqual(Int32Array.of(3, 4));
  tensor.dispose();
});

test('an own copy is out of reach of whoever has the array or the tensor', () => {
  const model = wrapped();
  const data = scene();
  const own = array(ownCopy(readInputs(data, model)).values[0]);
  data.fill(0);
  expect(own.data).toEqual(scene());
  const tensor = tensorOf(scene());
  const kept = ownCopy(readInputs(tensor, model)).values[0] as tf.Tensor;
  tensor.dispose();
  expect(kept.dataSync()).toEqual(scene());
  kept.dispose();
});
