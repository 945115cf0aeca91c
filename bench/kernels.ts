/**
 * The engine's convolutions alone, by the length of the row spans they run over. Each model is one layer on a plane of
 * which a band of columns changes, so that the layer recomputes spans of one length in all its rows. What else a frame
 * costs is that of a frame of which one pixel changes; the two take turns.
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {median} from '../examples/atari/figures';
import {withReuse, type Rect, type ReuseModel} from '../src';
import type {KernelResult, Settings} from './results';
import {changedColumns} from './spans';

const HEIGHT = 64;
const WIDTH = 128;

export const SPANS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 48, 64];

/** Each span is timed this often, and a few times at least where that takes long. */
const MOST = 100;
const LEAST = 8;
const ENOUGH_MS = 500;

export interface LayerCase {
  readonly name: string;
  readonly kind: 'conv' | 'depthwise';
  readonly kernel: 1 | 3;
  readonly inputs: number;
  readonly filters: number;
}

const conv = (kernel: 1 | 3, inputs: number, filters: number): LayerCase => ({
  name: `${kernel}×${kernel}, ${inputs}→${filters}`,
  kind: 'conv',
  kernel,
  inputs,
  filters,
});

export const LAYERS: readonly LayerCase[] = [
  conv(3, 1, 20),
  conv(3, 3, 32),
  conv(3, 20, 40),
  conv(3, 80, 160),
  conv(1, 64, 64),
  {name: '3×3 depthwise, 64', kind: 'depthwise', kernel: 3, inputs: 64, filters: 64},
];

export async function measureKernel(
  layer: LayerCase,
  spans: readonly number[],
  engine: Settings['engine'],
): Promise<KernelResult[]> {
  await tf.setBackend('wasm');
  const model = buildModel(layer);
  const reuse = withReuse(model, {engine, policy: 'incremental'});
  try {
    return spans.map((span) => ({layer: layer.name, span, ...measureSpan(reuse, layer, span)}));
  } finally {
    reuse.dispose();
    model.dispose();
  }
}

/** The layer, and one that reads a single pixel of it: a result that is the whole plane would have to be copied out. */
function buildModel({kind, kernel, inputs, filters}: LayerCase): LayersModel {
  const shape = {inputShape: [HEIGHT, WIDTH, inputs], kernelSize: kernel};
  const strides: [number, number] = [HEIGHT - kernel + 1, WIDTH - kernel + 1];
  return sequential({
    layers: [
      kind === 'conv' ? layers.conv2d({...shape, filters}) : layers.depthwiseConv2d(shape),
      layers.conv2d({filters: 1, kernelSize: 1, strides}),
    ],
  });
}

function measureSpan(
  reuse: ReuseModel,
  {kernel, inputs}: LayerCase,
  span: number,
): Omit<KernelResult, 'layer' | 'span'> {
  const band = {...changedColumns(span, kernel), y: 0, height: HEIGHT};
  const corner = {x: WIDTH - 1, y: HEIGHT - 1, width: 1, height: 1};
  const still = Float32Array.from({length: HEIGHT * WIDTH * inputs}, (_, i) => Math.sin(i) + 2);
  const changes = [band, corner].map((rect) => new Change(reuse, still, rect, inputs));
  predict(reuse, still);
  changes.forEach((change) => change.run());
  const start = performance.now();
  const enough = (runs: number) => runs >= LEAST && performance.now() - start > ENOUGH_MS;
  for (let runs = 0; runs < MOST && !enough(runs); runs++) changes.forEach((change) => change.run());
  const [work, base] = changes;
  return {macs: work.macs, ms: work.ms, baseMacs: base.macs, baseMs: base.ms};
}

/** A change to a still frame that is made and taken back, again and again, and what it costs. */
class Change {
  macs = 0;
  private readonly times: number[] = [];
  private readonly changed: Float32Array;

  constructor(
    private readonly reuse: ReuseModel,
    private readonly still: Float32Array,
    private readonly rect: Rect,
    channels: number,
  ) {
    this.changed = negatedIn(still, rect, channels);
  }

  /** Without the first run. */
  get ms(): number {
    return median(this.times.slice(2));
  }

  run(): void {
    for (const frame of [this.changed, this.still]) this.times.push(predict(this.reuse, frame, [this.rect]));
    this.macs = this.reuse.lastFrame!.layers[0].affectedMacs;
  }
}

/** Told what changed, and given arrays, so that the time is not that of comparing or copying frames. */
function predict(reuse: ReuseModel, frame: Float32Array, changed?: readonly Rect[]): number {
  const start = performance.now();
  const result = reuse.predict(frame, {changed}) as tf.Tensor;
  const ms = performance.now() - start;
  result.dispose();
  return ms;
}

function negatedIn(frame: Float32Array, {x, y, width, height}: Rect, channels: number): Float32Array {
  const values = frame.slice();
  for (let row = y; row < y + height; row++) {
    const start = (row * WIDTH + x) * channels;
    for (let i = start; i < start + width * channels; i++) values[i] = -values[i];
  }
  return values;
}
