/** The notice of variables that were assigned. */
import * as tf from '@tensorflow/tfjs-core';
import {WeightVersions} from '../../../src/engines/shared/weights';
import type {Graph, Weight} from '../../../src/graph';
import {useBackend} from '../../backends';

beforeAll(() => useBackend('cpu'));

function variable(name: string): {weight: Weight; assign(value: number): void} {
  const tensor = tf.variable(tf.tensor1d([0]));
  const assign = (value: number) => tf.tidy(() => tensor.assign(tf.tensor1d([value])));
  return {weight: {name, shape: [1], read: () => tensor}, assign};
}

it('counts changes, each once', () => {
  const [a, b] = [variable('a'), variable('b')];
  const constant: Weight = {name: 'c', shape: [1], values: () => Float32Array.of(1)};
  const weights = [a.weight, constant, b.weight];
  const versions = new WeightVersions({weights, nodes: [], values: [], inputs: [], outputs: []} as Graph);
  let taken = 0;
  const take = () => void taken++;
  expect([versions.update(take), versions.current]).toEqual([false, 0]);
  b.assign(1);
  expect([versions.update(take), versions.current]).toEqual([true, 1]);
  expect([versions.update(take), versions.current]).toEqual([false, 1]);
  a.assign(2);
  b.assign(2);
  expect([versions.update(take), versions.current]).toEqual([true, 2]);
  expect([versions.update(take), versions.current]).toEqual([false, 2]);
  expect(taken).toBe(2);
});

it('takes values over again where that failed, and counts it again', () => {
  const {weight, assign} = variable('a');
  const versions = new WeightVersions({
    weights: [weight],
    nodes: [],
    values: [],
    inputs: [],
    outputs: [],
  } as Graph);
  const fail = () => {
    throw new Error('no values');
  };
  assign(1);
  expect(() => versions.update(fail)).toThrow('no values');
  expect(() => versions.update(fail)).toThrow('no values');
  expect([versions.update(() => undefined), versions.current]).toEqual([true, 3]);
  expect([versions.update(fail), versions.current]).toEqual([false, 3]);
});
