/**
 * What a frame costs the device's queue, counted: one submission, no read-back before the result is read, and, from the
 * third frame of a steady stream on, no buffer, pipeline or binding that was not there before.
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../src';
import {deviceOf, onWebGpu} from './backend';

const SHAPE = [1, 24, 33, 3] as const;

const MADE = [
  'createBuffer',
  'createTexture',
  'createComputePipeline',
  'createComputePipelineAsync',
  'createBindGroup',
  'createShaderModule',
] as const;

/** Counts what is asked of the device from now on. */
class Counter {
  readonly counts = new Map<string, number>();
  private readonly undo: (() => void)[] = [];

  constructor(device: GPUDevice) {
    for (const name of MADE) this.monitor(device, name);
    this.monitor(device.queue, 'submit');
    this.monitor(GPUBuffer.prototype, 'mapAsync');
  }

  of(...names: readonly string[]): number {
    return names.reduce((sum, name) => sum + (this.counts.get(name) ?? 0), 0);
  }

  clear(): void {
    this.counts.clear();
  }

  stop(): void {
    this.undo.forEach((restore) => restore());
  }

  private monitor<K extends string>(target: Record<K, unknown> | object, name: K): void {
    const methods = target as Record<K, (...args: unknown[]) => unknown>;
    const own = methods[name];
    const {counts} = this;
    methods[name] = function (this: unknown, ...args) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return own.apply(this, args);
    };
    this.undo.push(() => (methods[name] = own));
  }
}

function smallModel() {
  return sequential({
    layers: [
      layers.conv2d({inputShape: SHAPE.slice(1), filters: 6, kernelSize: 3, activation: 'relu'}),
      layers.depthwiseConv2d({kernelSize: 3, padding: 'same'}),
      layers.maxPooling2d({poolSize: 2}),
      layers.flatten(),
      layers.dense({units: 5, activation: 'softmax'}),
    ],
  });
}

onWebGpu('a steady stream', () => {
  it('takes one submission a frame, makes nothing and reads nothing', () => {
    const model = smallModel();
    const reuse = withReuse(model);
    const frames = Array.from({length: 10}, () => tf.randomUniform([...SHAPE]));
    const counter = new Counter(deviceOf());
    try {
      for (const [t, frame] of [...frames, ...frames].entries()) {
        // The first time, each frame is uploaded, and bound.
        counter.clear();
        const y = reuse.predict(frame) as tf.Tensor;
        if (t > 0) expect(counter.of('submit')).toBe(1);
        expect(counter.of('mapAsync')).toBe(0);
        if (t >= frames.length) expect(counter.of(...MADE)).toBe(0);
        y.dispose();
      }
    } finally {
      counter.stop();
    }
    tf.dispose(frames);
    reuse.dispose();
    model.dispose();
  });

  it('of arrays makes nothing from the third frame on', () => {
    const model = smallModel();
    const reuse = withReuse(model);
    const frame = new Float32Array(24 * 33 * 3);
    const counter = new Counter(deviceOf());
    try {
      for (let t = 0; t < 8; t++) {
        frame[7 * t] = t;
        counter.clear();
        (reuse.predict(frame) as tf.Tensor).dispose();
        if (t >= 3) expect([counter.of('submit'), counter.of(...MADE, 'mapAsync')]).toEqual([1, 0]);
      }
    } finally {
      counter.stop();
    }
    reuse.dispose();
    model.dispose();
  });

  it('keeps to its bytes over 1,000 frames', async () => {
    const model = smallModel();
    const reuse = withReuse(model);
    const frame = new Float32Array(24 * 33 * 3);
    const bytes = () => (tf.memory() as unknown as {numBytesAllocatedInGPU: number}).numBytesAllocatedInGPU;
    const made = jest.spyOn(deviceOf(), 'createBuffer');
    const held: number[] = [];
    for (let t = 0; t < 1000; t++) {
      frame[t % frame.length] = t;
      const y = reuse.predict(frame) as tf.Tensor;
      if (t % 100 === 99) await y.data();
      y.dispose();
      if (t === 99) made.mockClear();
      if (t % 100 === 99) held.push(bytes() + reuse.cache.bytes);
    }
    expect(new Set(held).size).toBe(1);
    expect(made).not.toHaveBeenCalled();
    made.mockRestore();
    reuse.dispose();
    model.dispose();
  });
});
