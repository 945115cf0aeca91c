/** A tensor's values are those that tfjs gives, wherever it lies; they are copied only where they cannot be reached. */
import * as tf from '@tensorflow/tfjs-core';
import {valuesOf} from '../../../src/engines/shared/values-of';
import {backends, useBackend} from '../../backends';

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(['float32', 'int32', 'bool'] as const)('of %s', (dtype) => {
    const tensor = tf.tensor([1, 0, 3.5, -2], [2, 2], dtype);
    expect(valuesOf(tensor)).toEqual(tensor.dataSync());
    const readSync = jest.spyOn(tf.backend(), 'readSync');
    valuesOf(tensor);
    expect(readSync).toHaveBeenCalledTimes(backend === 'wasm' ? 0 : 1);
    readSync.mockRestore();
    tensor.dispose();
  });

  test('of one that was made on another backend, or shares its values', async () => {
    const tensor = tf.tensor1d([4, 5, 6]);
    const other = backend === 'cpu' ? 'wasm' : 'cpu';
    await useBackend(other);
    expect(Array.from(valuesOf(tensor))).toEqual([4, 5, 6]);
    await useBackend(backend);
    const reshaped = tf.reshape(tensor, [3, 1]);
    tensor.dispose();
    expect(Array.from(valuesOf(reshaped))).toEqual([4, 5, 6]);
    reshaped.dispose();
    expect(() => valuesOf(reshaped)).toThrow(/disposed/);
  });
});
