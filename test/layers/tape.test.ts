/**
 * Convolution layers on tfjs's gradient tape: the gradients of tfjs's own layers, computed frame by frame. Whether that
 * pays is another test's affair: here it always does.
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {IncrementalConv2D, withReuse} from '../../src';
import {WasmProgram} from '../../src/engines/wasm/program';
import {backends, useBackend} from '../backends';
import {
  build,
  byTfjs,
  expectNear,
  clipOf,
  inputGradient,
  lossOf,
  makers,
  pairFor,
  setWeights,
  variablesOf,
  weightGradients,
  withSameWeights,
  type Config,
  type Layer,
  type Maker,
} from './tape-helpers';

jest.mock('../../src/layers/tape/pays', () => ({pays: () => true}));

const cases: [Maker, number[], Config][] = [
  ['conv2d', [9, 8, 2], {filters: 3, kernelSize: 3}],
  ['conv2d', [9, 7, 2], {filters: 5, kernelSize: 3, padding: 'same', activation: 'relu'}],
  ['conv2d', [9, 8, 1], {filters: 4, kernelSize: [3, 2], strides: [2, 1], activation: 'elu', useBias: false}],
  ['conv2d', [9, 9, 3], {filters: 9, kernelSize: 3, strides: 2, padding: 'same', activation: 'sigmoid'}],
  ['conv2d', [5, 4, 3], {filters: 3, kernelSize: 1, activation: 'softmax'}],
  ['conv1d', [12, 2], {filters: 4, kernelSize: 3, activation: 'tanh'}],
  ['conv1d', [13, 3], {filters: 2, kernelSize: 4, strides: 3, useBias: false}],
  ['depthwiseConv2d', [8, 7, 2], {kernelSize: 3, depthMultiplier: 2, padding: 'same'}],
  ['depthwiseConv2d', [9, 9, 5], {kernelSize: [2, 3], strides: 2, useBias: false, activation: 'relu6'}],
  ['separableConv2d', [8, 7, 2], {filters: 3, kernelSize: [3, 2], activation: 'selu'}],
  [
    'separableConv2d',
    [8, 7, 3],
    {filters: 4, kernelSize: 3, depthMultiplier: 2, padding: 'same', useBias: false},
  ],
];

const named = cases.map(
  ([maker, shape, config]) => [`${maker} ${JSON.stringify(config)}`, maker, shape, config] as const,
);

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(named)('%s', (_name, maker, shape, config) => {
    it.each([1, 12])('has the weights’ gradients of tfjs, for %d frames', async (frames) => {
      const {plain, ours} = pairFor(maker, config, shape);
      const x = clipOf(shape, frames);
      const record = jest.spyOn(WasmProgram.prototype, 'record');
      const actual = weightGradients(ours, x);
      // One replay for all weights.
      expect(record).toHaveBeenCalledTimes(1);
      record.mockRestore();
      expectNear(actual, await byTfjs(backend, () => weightGradients(plain, x)));
    });

    const lacks = backend === 'wasm' && /depthwise|separable/.test(maker);
    it(
      lacks ? 'says which kernel the input’s gradient lacks' : 'has the input’s gradient of tfjs',
      async () => {
        const {plain, ours} = pairFor(maker, config, shape);
        const x = clipOf(shape, 4);
        if (lacks) {
          expect(() => inputGradient(ours, x)).toThrow(
            `Layer '${ours.name}': the gradient for its input needs the kernel 'DepthwiseConv2dNativeBackpropInput', ` +
              "which tfjs's backend 'wasm' does not have.",
          );
          return;
        }
        expectNear(inputGradient(ours, x), await byTfjs(backend, () => inputGradient(plain, x)));
      },
    );
  });

  it('gives all gradients together', async () => {
    const {plain, ours} = pairFor('conv2d', {filters: 2, kernelSize: 3, activation: 'tanh'}, [7, 7, 2]);
    const x = clipOf([7, 7, 2], 6);
    const all = (layer: Layer) => {
      const variables = variablesOf(layer);
      const z = tf.variable(x);
      const {grads} = tf.variableGrads(() => lossOf(layer.apply(z) as tf.Tensor), [z, ...variables]);
      return [z, ...variables].map(({name}) => Float32Array.from(grads[name].dataSync()));
    };
    expectNear(all(ours), await byTfjs(backend, () => all(plain)));
  });

  it('goes through a layer that is wrapped, and through a wrapper of a wrapper', async () => {
    for (const wrap of [1, 2]) {
      const config = {filters: 3, kernelSize: 3, activation: 'relu' as const};
      let ours: Layer = layers.conv2d(config);
      for (let i = 0; i < wrap; i++) ours = withReuse(ours);
      const {plain} = withSameWeights(layers.conv2d(config), ours, [8, 8, 2]);
      const x = clipOf([8, 8, 2], 7);
      const record = jest.spyOn(WasmProgram.prototype, 'record');
      const actual = weightGradients(ours, x);
      expect(record).toHaveBeenCalled();
      record.mockRestore();
      expectNear(actual, await byTfjs(backend, () => weightGradients(plain, x)));
    }
  });

  it('is exact whatever the threshold', async () => {
    const config = {filters: 3, kernelSize: 3};
    const ours = new IncrementalConv2D({...config, threshold: 10}) as Layer;
    const {plain} = withSameWeights(layers.conv2d(config), ours, [8, 8, 2]);
    const x = clipOf([8, 8, 2], 7);
    expectNear(weightGradients(ours, x), await byTfjs(backend, () => weightGradients(plain, x)));
  });

  it('has the gradients of the weights that it was called with', async () => {
    const {plain, ours} = pairFor('separableConv2d', {filters: 3, kernelSize: 3}, [7, 7, 2]);
    const x = clipOf([7, 7, 2], 5);
    const changing = (layer: Layer) => {
      setWeights([layer], 1);
      const variables = variablesOf(layer);
      const {grads} = tf.variableGrads(() => {
        const y = layer.apply(x) as tf.Tensor;
        setWeights([layer], 2);
        return lossOf(y);
      }, variables);
      return variables.map(({name}) => Float32Array.from(grads[name].dataSync()));
    };
    expectNear(changing(ours), await byTfjs(backend, () => changing(plain)));
  });

  it('a dilated convolution has gradients for its weights, which tfjs refuses', async () => {
    const dilated = makers.conv2d[1]({filters: 2, kernelSize: 2, dilationRate: 2});
    // The same convolution without holes: zeros are in their place, whose gradients are passed over.
    const whole = makers.conv2d[0]({filters: 2, kernelSize: 3});
    [dilated, whole].forEach((layer) => build(layer, [8, 8, 1]));
    setWeights([dilated], 3);
    const [filter, bias] = dilated.getWeights();
    const filled = tf.pad(tf.reshape(filter, [2, 1, 2, 1, 2]), [
      [0, 0],
      [0, 1],
      [0, 0],
      [0, 1],
      [0, 0],
    ]);
    const corners = (tensor: tf.Tensor) =>
      tf.slice(tf.reshape(tensor, [4, 4, 1, 2]), [0, 0, 0, 0], [3, 3, 1, 2]);
    whole.setWeights([corners(filled), bias]);
    const x = clipOf([8, 8, 1], 5);
    const [y, ofFilter, ofBias] = await byTfjs(backend, () => weightGradients(whole, x));
    const kept = ofFilter.filter((_, i) => [0, 2, 6, 8].includes(i >> 1));
    expectNear(weightGradients(dilated, x), [y, kept, ofBias]);
    expect(() => inputGradient(dilated, x)).toThrow(/gradient for its input cannot be had: .*dilation rate/);
  });
});
