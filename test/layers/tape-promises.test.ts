/** What the layers promise on a tape beside right gradients: what is not asked for is not computed, nothing is left behind. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type * as Library from '../../src';
import type {NodeReport} from '../../src/engines';
import {PackedWeights} from '../../src/engines/wasm/memory/weights';
import {WasmProgram} from '../../src/engines/wasm/program';
import {backends, useBackend} from '../backends';
import {batchOf, editedFrames} from './helpers';
import {
  byTfjs,
  expectNear,
  clipOf,
  inputGradient,
  lossOf,
  pairFor,
  variablesOf,
  weightGradients,
  withSameWeights,
  type Layer,
} from './tape-helpers';

jest.mock('../../src/layers/tape/pays', () => ({pays: () => true}));

const KERNEL = 'ReuseConvolution/1';
const SHAPE = [8, 8, 2];
const CONFIG = {filters: 3, kernelSize: 3};

/** Names of the kernels that tfjs runs in some work. */
async function kernelsIn(work: () => unknown): Promise<string[]> {
  const {kernels} = await tf.profile(() => tf.tidy(() => void work()));
  return kernels.map(({name}) => name);
}

/** What the engine's nodes did in each frame that it goes through in some work. */
function framesIn(work: () => unknown): NodeReport[][] {
  const reports: NodeReport[][] = [];
  const original = WasmProgram.prototype.run;
  const run = jest.spyOn(WasmProgram.prototype, 'run').mockImplementation(function (
    this: WasmProgram,
    ...args
  ) {
    const result = original.apply(this, args);
    reports.push(result.report()!);
    return result;
  });
  try {
    tf.tidy(() => void work());
  } finally {
    run.mockRestore();
  }
  return reports;
}

/** Gradients for a layer's weights of some loss. */
function gradientsOf(layer: Layer, loss: () => tf.Scalar): Float32Array[] {
  const variables = variablesOf(layer);
  return tf.tidy(() => {
    const {grads} = tf.variableGrads(loss, variables);
    return variables.map(({name}) => Float32Array.from(grads[name].dataSync()));
  });
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('computes no gradient that is not asked for', async () => {
    const {ours} = pairFor('conv2d', CONFIG, SHAPE);
    const x = clipOf(SHAPE, 8);
    const ofWeights = await kernelsIn(() => weightGradients(ours, x));
    expect(ofWeights.filter((name) => name === KERNEL)).toHaveLength(1);
    expect(ofWeights.filter((name) => name.includes('Backprop'))).toEqual([]);
    const record = jest.spyOn(WasmProgram.prototype, 'record');
    const ofInput = await kernelsIn(() => inputGradient(ours, x));
    expect(ofInput.filter((name) => name.includes('Backprop'))).toEqual(['Conv2DBackpropInput']);
    expect(record).not.toHaveBeenCalled();
    record.mockRestore();
  });

  it('goes twice through what changed, and through no more', () => {
    const {ours} = pairFor('conv2d', {filters: 3, kernelSize: 3}, SHAPE);
    const frame = editedFrames(SHAPE, 1)[0];
    const edited = frame.slice();
    edited[2 * (3 * 8 + 4)] += 1;
    const x = batchOf(SHAPE, [frame, frame, edited, edited]);
    const computed = framesIn(() => weightGradients(ours, x)).map(([{affected}]) => affected);
    expect(computed).toEqual([36, 0, 9, 0, 36, 0, 9, 0]);
  });

  it('leaves nothing behind: no tensor, and no room of the engine’s taken again', () => {
    for (const maker of ['conv2d', 'depthwiseConv2d', 'separableConv2d'] as const) {
      const {ours} = pairFor(maker, CONFIG, SHAPE);
      const x = clipOf(SHAPE, 8);
      weightGradients(ours, x);
      const {numTensors} = tf.memory();
      const reserve = jest.spyOn(PackedWeights.prototype, 'reserve');
      for (let i = 0; i < 5; i++) weightGradients(ours, x);
      expect(reserve).not.toHaveBeenCalled();
      reserve.mockRestore();
      expect(tf.memory().numTensors).toBe(numTensors);
    }
  });

  it('serves a layer that is used twice, and at more sizes than it keeps programs for', async () => {
    const {plain, ours} = pairFor('conv2d', {filters: 2, kernelSize: 3, padding: 'same'}, SHAPE);
    const x = clipOf(SHAPE, 6);
    const sizes = Array.from({length: 10}, (_, i) => clipOf([5 + i, 6, 2], 3, i));
    const twice = (layer: Layer) =>
      gradientsOf(layer, () => lossOf(layer.apply(layer.apply(x)) as tf.Tensor));
    const everywhere = (layer: Layer) =>
      gradientsOf(layer, () => tf.addN(sizes.map((size) => lossOf(layer.apply(size) as tf.Tensor))));
    for (const work of [twice, everywhere]) expectNear(work(ours), await byTfjs(backend, () => work(plain)));
  });

  it('goes back through a layer that was disposed meanwhile, and gives everything back', async () => {
    const before = tf.memory().numTensors;
    const x = clipOf(SHAPE, 6);
    const {plain, ours} = pairFor('depthwiseConv2d', {kernelSize: 3}, SHAPE);
    const disposing = (layer: Layer) => {
      const variables = variablesOf(layer);
      const {value, grads} = tf.variableGrads(() => {
        const loss = lossOf(layer.apply(x) as tf.Tensor);
        layer.dispose();
        return loss;
      }, variables);
      value.dispose();
      return variables.map(({name}) => {
        const values = Float32Array.from(grads[name].dataSync());
        grads[name].dispose();
        return values;
      });
    };
    expectNear(disposing(ours), await byTfjs(backend, () => disposing(plain)));
    x.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has the gradients of gradients that tfjs has', async () => {
    const {plain, ours} = pairFor('conv2d', {...CONFIG, activation: 'tanh'}, SHAPE);
    const x = clipOf(SHAPE, 3);
    const second = (layer: Layer) => {
      const first = tf.grad((z) => lossOf(layer.apply(z) as tf.Tensor));
      return [
        Float32Array.from(
          tf
            .grad((z) => tf.sum(tf.square(first(z))))(x)
            .dataSync(),
        ),
      ];
    };
    // tfjs's wasm backend lacks what plain layers need for it too.
    if (backend === 'wasm') expect(() => second(plain)).toThrow();
    else expectNear(second(ours), second(plain));
  });

  it('is the wrapped layer itself where it cannot go frame by frame', () => {
    const {ours} = pairFor('conv2d', CONFIG, SHAPE);
    const off = pairFor('conv2d', {...CONFIG, reuse: false}, SHAPE).ours;
    // Forwards alone: backwards tfjs's wasm backend has no way through a plain layer.
    const onTape = (layer: Layer, x: tf.Tensor) =>
      framesIn(() =>
        tf.grad((z) => {
          layer.apply(z);
          return tf.sum(z);
        })(x),
      );
    const x = clipOf(SHAPE, 3);
    expect(onTape(off, x)).toEqual([]);
    expect(onTape(ours, x)).toHaveLength(3);
    // The tensorflow backend has no convolution of an empty batch.
    const empty = tf.zeros([0, ...SHAPE]);
    if (backend !== 'tensorflow') expect(onTape(ours, empty)).toEqual([]);
    // Nor does a tape spoil what the layer says of an input that does not fit.
    expect(() => onTape(ours, tf.zeros([1, 8, 8, 5]))).toThrow(/is incompatible with layer/);
  });

  it('lives beside a second copy of the package', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const x = clipOf(SHAPE, 5);
    const {plain, ours} = pairFor('conv2d', CONFIG, SHAPE);
    const first = weightGradients(ours, x);
    let copy: typeof Library | null = null;
    jest.isolateModules(() => {
      jest.doMock('@tensorflow/tfjs-core', () => tf);
      jest.doMock('@tensorflow/tfjs-layers', () => tfl);
      copy = jest.requireActual<typeof Library>('../../src');
    });
    const {IncrementalConv2D, ready} = copy! as typeof Library;
    await ready();
    const other = new IncrementalConv2D(CONFIG) as Layer;
    withSameWeights(plain, other, SHAPE);
    expectNear(weightGradients(other, x), first);
    expectNear(weightGradients(ours, x), first);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});
