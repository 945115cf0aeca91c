/** Gradients of recorded frames are the same, bit for bit, on any number of threads. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../../src';
import {random} from '../../../properties/networks';
import {useBackend} from '../../../backends';
import {EVERYTHING, NOTHING, poolNow, useThreads} from './pools';

const [HEIGHT, WIDTH] = [20, 24];

beforeAll(() => useBackend('cpu'));
afterAll(() => useThreads(1));

/** Its convolutions have whole blocks of 8 channels, and others; a filter's last block has 4 or less. Wide ones are computed in tiles. */
function network(filters: readonly [number, number]): tfl.LayersModel {
  const input = tfl.input({shape: [HEIGHT, WIDTH, 3]});
  const [first, second] = filters.map((count, i) =>
    tfl.layers.conv2d({
      filters: count,
      kernelSize: 3,
      activation: i === 0 ? 'relu' : 'tanh',
      kernelInitializer: tfl.initializers.glorotUniform({seed: i + 1}),
      name: `conv${i}`,
    }),
  );
  const dense = tfl.layers.dense({
    units: 5,
    kernelInitializer: tfl.initializers.glorotUniform({seed: 3}),
    name: 'dense',
  });
  const features = second.apply(first.apply(input)) as tfl.SymbolicTensor;
  const output = dense.apply(tfl.layers.flatten().apply(features)) as tfl.SymbolicTensor;
  return tfl.model({inputs: input, outputs: output});
}

function gradientsOf(model: tfl.LayersModel): Record<string, Float32Array> {
  const reuse = withReuse(model, {engine: 'wasm'});
  const next = random(5);
  const frame = Float32Array.from({length: HEIGHT * WIDTH * 3}, () => next() * 2 - 1);
  const episode = reuse.record();
  for (let t = 0; t < 6; t++) {
    const x = tf.tensor(frame.slice(), [1, HEIGHT, WIDTH, 3]);
    tf.dispose([x, reuse.predict(x)]);
    for (let i = 0; i < 40; i++) frame[Math.floor(next() * frame.length)] = next();
  }
  const {value, grads} = episode.valueAndGrads((outputs) => tf.sum(tf.square(outputs as tf.Tensor)));
  const read = Object.entries(grads).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()] as const);
  tf.dispose([value, grads]);
  reuse.dispose();
  return Object.fromEntries(read);
}

test.each([
  [2, [8, 12]],
  [3, [16, 9]],
  [3, [6, 8]],
  [2, [16, 24]],
  [3, [20, 18]],
] as const)('%i threads, %j filters', async (threads, filters) => {
  await useThreads(threads);
  const model = network(filters);
  poolNow().tune(NOTHING);
  const expected = gradientsOf(model);
  expect(Object.keys(expected)).toHaveLength(6);
  for (const callerTakes of [true, false]) {
    poolNow().tune({...EVERYTHING, callerTakes});
    const actual = gradientsOf(model);
    for (const [name, gradient] of Object.entries(expected))
      expect(Buffer.from(actual[name].buffer).equals(Buffer.from(gradient.buffer))).toBe(true);
  }
  model.dispose();
});
