/** What goes wrong beside a frame: a node that throws in its midst, buffers that are too small, a device that is lost. */
import * as tf from '@tensorflow/tfjs-core';
import {deregisterOp, registerOp} from '@tensorflow/tfjs-converter';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel} from '../../../src';
import {TfGraph, windowed} from '../../importers/graph/tf-graph';
import {numbers} from '../../importers/helpers';
import {valuesOf} from '../fuzz/values';
import {deviceOf, onWebGpu, useWebGpu} from './backend';

const SHAPE = [1, 7, 9, 2] as const;

const frameOf = (t: number) => tf.tensor4d(numbers(7 * 9 * 2, t + 1), [...SHAPE]);

/** A layer that no engine has, and that breaks when told to. */
class Fragile extends layers.Layer {
  static className = 'Fragile';
  static breaks = false;

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    if (Fragile.breaks) throw new Error('the layer broke');
    return tf.tidy(() => tf.neg([inputs].flat()[0]));
  }
}

function smallModel(...middle: layers.Layer[]): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({inputShape: SHAPE.slice(1), filters: 3, kernelSize: 3, name: 'first'}),
      ...middle,
      layers.conv2d({filters: 2, kernelSize: 3, name: 'last'}),
    ],
  });
}

/** A dense layer of more weights than activations. */
function wideModel(): LayersModel {
  return sequential({layers: [layers.flatten({inputShape: [16, 16, 16]}), layers.dense({units: 80})]});
}

/** As if the device had no larger buffers than this. */
function limit(device: GPUDevice, bytes: number): () => void {
  const {limits} = device;
  const stub = new Proxy(limits, {
    get: (own, name) =>
      name === 'maxStorageBufferBindingSize' ? bytes : (Reflect.get(own, name, own) as unknown),
  });
  const become = (value: GPUSupportedLimits) =>
    Object.defineProperty(device, 'limits', {value, configurable: true});
  become(stub);
  return () => become(limits);
}

async function expectRight(reuse: ReuseModel, model: LayersModel, frame: tf.Tensor): Promise<void> {
  const [actual, expected] = await valuesOf([reuse.predict(frame), model.predict(frame)] as tf.Tensor[]);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
}

onWebGpu('trouble', () => {
  it('in a layer of the model empties the cache, leaves nothing, and the next frame is right', async () => {
    const model = smallModel(new Fragile({name: 'fragile'}));
    const reuse = withReuse(model, {policy: 'incremental'});
    const [first, second, third] = [0, 1, 2].map(frameOf);
    await expectRight(reuse, model, first);
    const before = tf.memory().numTensors;
    Fragile.breaks = true;
    expect(() => reuse.predict(second)).toThrow('the layer broke');
    Fragile.breaks = false;
    expect(reuse.cache.isEmpty).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
    await expectRight(reuse, model, second);
    await expectRight(reuse, model, third);
    tf.dispose([first, second, third]);
    [reuse, model].forEach((each) => each.dispose());
  });

  it('in what a model awaits does the same', async () => {
    let breaks = false;
    registerOp('Fragile', ({inputs: [x]}) => {
      if (breaks) throw new Error('the op broke');
      return tf.neg(x);
    });
    const graph = new TfGraph();
    const x = graph.input('x', SHAPE);
    const conv = graph.named('conv', 'Conv2D', [x, graph.floats([3, 3, 2, 3])], windowed());
    const fragile = graph.node('Fragile', [conv]);
    graph.named('where', 'Where', [graph.node('Greater', [fragile, graph.floats([], [0])])]);
    const model = await graph.load();
    const reuse = withReuse(model, {policy: 'incremental'});
    const frames = [0, 1, 2].map(frameOf);
    const expectSame = async (frame: tf.Tensor) => {
      const sides = [await reuse.executeAsync(frame, 'where'), await model.executeAsync(frame, 'where')];
      const [actual, expected] = await valuesOf(sides.flat());
      expect(actual).toEqual(expected);
    };
    await expectSame(frames[0]);
    const before = tf.memory().numTensors;
    breaks = true;
    await expect(reuse.executeAsync(frames[1], 'where')).rejects.toThrow('the op broke');
    breaks = false;
    expect(reuse.cache.isEmpty).toBe(true);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
    await expectSame(frames[1]);
    await expectSame(frames[2]);
    tf.dispose(frames);
    [reuse, model].forEach((each) => each.dispose());
    deregisterOp('Fragile');
  });

  it('with a result of another shape leaves that frame and those after it to the model', async () => {
    let rows = 7;
    registerOp('Rows', ({inputs: [x]}) => tf.slice(x, [0, 0, 0, 0], [1, rows, 9, 2]));
    const graph = new TfGraph();
    const some = graph.node('Rows', [graph.node('Relu', [graph.input('x', SHAPE)])]);
    graph.node('Conv2D', [some, graph.floats([3, 3, 2, 3])], windowed());
    const model = await graph.load();
    const before = tf.memory().numTensors;
    const reuse = withReuse(model, {policy: 'incremental'});
    for (const [t, count] of [7, 5, 7].entries()) {
      rows = count;
      const frame = frameOf(t);
      const [actual, expected] = [reuse.predict(frame), model.predict(frame)] as tf.Tensor[];
      expect(actual.shape).toEqual([1, rows, 9, 3]);
      const [values, wanted] = await valuesOf([actual, expected]);
      values.forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 4));
      expect((await reuse.report())!.path === 'dense').toBe(t > 0);
      frame.dispose();
    }
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    deregisterOp('Rows');
  });

  it.each([
    ['activations', 1024, smallModel],
    ['weights', 1 << 20, wideModel],
  ] as const)('of %s over the limits leaves the model to the portable engine', async (what, most, build) => {
    const model = build();
    const frame = tf.randomUniform([1, ...(model.inputs[0].shape.slice(1) as number[])]);
    const restore = limit(deviceOf(), most);
    try {
      const wanted = withReuse(model, {engine: 'webgpu'});
      const unsupportedReason = `its ${what} take \\d+ bytes, and the device's buffers hold at most ${most}`;
      expect(() => wanted.predict(frame)).toThrow(new RegExp(unsupportedReason));
      const reuse = withReuse(model, {policy: 'incremental'});
      await expectRight(reuse, model, frame);
      expect((await reuse.report())!.layers[0].engine).toBe('tfjs');
      [wanted, reuse].forEach((each) => each.dispose());
    } finally {
      restore();
    }
    frame.dispose();
    model.dispose();
  });

  it('of more units than a dispatch has workgroups leaves the model to the portable engine', async () => {
    const model = sequential({layers: [layers.dense({inputShape: [2], units: 4 * 65536})]});
    const wanted = withReuse(model, {engine: 'webgpu'});
    const frame = tf.randomUniform([1, 2]);
    expect(() => wanted.predict(frame)).toThrow(/takes 65536 workgroups, and a dispatch has at most 65535/);
    const reuse = withReuse(model, {policy: 'incremental'});
    await expectRight(reuse, model, frame);
    frame.dispose();
    [wanted, reuse, model].forEach((each) => each.dispose());
  });

  it('with memory leaves frames to the model, once the device has said so', async () => {
    const model = smallModel();
    const reuse = withReuse(model, {policy: 'incremental'});
    const device = deviceOf();
    const pop = device.popErrorScope.bind(device);
    const scope = jest.spyOn(device, 'popErrorScope').mockImplementation(async () => {
      await pop();
      return {message: 'no room'} as GPUError;
    });
    const [first, second] = [0, 1].map(frameOf);
    await valuesOf([reuse.predict(first) as tf.Tensor]);
    scope.mockRestore();
    await expectRight(reuse, model, second);
    const report = (await reuse.report())!;
    expect(report.path).toBe('dense');
    expect(report.reason).toMatch(/the GPU had no memory left for it \(no room\)/);
    expect(reuse.cache.isEmpty).toBe(true);
    const [variant, expected] = await valuesOf([
      reuse.predict(first, {commit: false}) as tf.Tensor,
      model.predict(first) as tf.Tensor,
    ]);
    expect(variant).toEqual(expected);
    expect((await reuse.report())!.path).toBe('dense');
    tf.dispose([first, second]);
    [reuse, model].forEach((each) => each.dispose());
  });

  it('with a variant is none, though its copy takes as much as the cache and may not', async () => {
    const model = smallModel();
    const sizes = withReuse(model, {policy: 'incremental'});
    const [first, second] = [0, 1].map(frameOf);
    await valuesOf([sizes.predict(first) as tf.Tensor]);
    const reuse = withReuse(model, {policy: 'incremental', maxBytes: 1.5 * sizes.cache.bytes});
    await valuesOf([reuse.predict(first) as tf.Tensor]);
    await valuesOf([reuse.predict(second, {commit: false}) as tf.Tensor]);
    await expectRight(reuse, model, second);
    expect((await reuse.report())!.path).toBe('incremental');
    tf.dispose([first, second]);
    [sizes, reuse, model].forEach((each) => each.dispose());
  });

  it('after the cache was cleared: a frame under way says so, and there is nothing to report', async () => {
    const graph = new TfGraph();
    const x = graph.input('x', SHAPE);
    const conv = graph.named('conv', 'Conv2D', [x, graph.floats([3, 3, 2, 3])], windowed());
    graph.named('where', 'Where', [graph.node('Greater', [conv, graph.floats([], [0])])]);
    const model = await graph.load();
    const reuse = withReuse(model, {policy: 'incremental'});
    const [first, second] = [0, 1].map(frameOf);
    const outputs = ['where', 'conv'];
    await valuesOf([await reuse.executeAsync(first, outputs)].flat());
    const waits = jest.spyOn(model, 'executeAsync').mockImplementationOnce(async (...given) => {
      reuse.cache.clear();
      waits.mockRestore();
      return model.executeAsync(...given);
    });
    await expect(reuse.executeAsync(second, outputs)).rejects.toThrow(/cache was cleared while/);
    const sides = [await reuse.executeAsync(second, outputs), await model.executeAsync(second, outputs)];
    const [where, values, ...expected] = await valuesOf(sides.flat());
    expect(where).toEqual(expected[0]);
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[1][i], 4));
    reuse.cache.clear();
    expect(await reuse.report()).toBeNull();
    tf.dispose([first, second]);
    [reuse, model].forEach((each) => each.dispose());
  });

  it('with the device is said, whatever engine is asked for, and nothing of it is left on a new one', async () => {
    const factory = tf.findBackendFactory('webgpu');
    const lost = [withReuse(smallModel()), withReuse(smallModel(), {engine: 'tfjs'})];
    const frame = numbers(7 * 9 * 2, 1);
    for (const reuse of lost) await valuesOf([reuse.predict(frame) as tf.Tensor]);
    const device = deviceOf();
    device.destroy();
    await device.lost;
    for (const reuse of lost) {
      expect(() => reuse.predict(frame)).toThrow(/the WebGPU device was lost \(.+\).*setBackend/);
      await expect(reuse.predictAsync(frame)).rejects.toThrow(/the WebGPU device was lost/);
    }
    tf.removeBackend('webgpu');
    tf.registerBackend('webgpu', factory);
    await useWebGpu();
    expect(deviceOf()).not.toBe(device);
    const model = smallModel();
    const reuse = withReuse(model);
    const x = frameOf(0);
    await expectRight(reuse, model, x);
    // The same wrapper goes on once its model has weights again.
    const [first] = lost;
    first.model.setWeights(model.getWeights());
    await expectRight(first, first.model as LayersModel, x);
    x.dispose();
    [...lost, reuse, model].forEach((each) => each.dispose());
  });
});
