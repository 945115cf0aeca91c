/**
 * Convolutions in tiles, in a whole program: which ones are, what happens when weights are assigned, what frames are forecast to
 * take, and that values of very different sizes leave the result as near to the model's as is promised. That a frame's bits do not depend
 * on those before it, variants, thresholds and gates: fuzz.test.ts.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as modelFrom, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../src';
import {ActivationCache} from '../../../src/cache';
import type {Program} from '../../../src/engines/engine';
import {wasmEngine} from '../../../src/engines/wasm/engine';
import {tileableNodes} from '../../../src/engines/wasm/schedule/tiles';
import {planeOf} from '../../../src/graph';
import {importLayersModel} from '../../../src/importers';
import {useBackend} from '../../backends';
import {float64, settingsOf} from '../../reference/float64';
import {roundingOf} from '../../reference/rounding';
import {random} from '../../properties/networks';
import {sample} from '../../scale';

const SHAPE = [7, 10, 16] as const;
const SIZE = SHAPE.reduce((product, side) => product * side, 1);

type Activation = 'linear' | 'relu' | 'relu6' | 'tanh';

const conv = (activation: Activation = 'linear', kernelSize = 3, filters = 16) =>
  layers.conv2d({filters, kernelSize, padding: 'same', activation});

const modelOf = (...all: layers.Layer[]): LayersModel =>
  sequential({layers: [layers.inputLayer({inputShape: [...SHAPE]}), ...all]});

/** Nobody knows what it does. */
class Unknown extends layers.Layer {
  static className = 'TilesUnknown';
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.clone([inputs].flat()[0]);
  }
  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
}

beforeAll(() => useBackend('cpu'));

describe('which ones are', () => {
  const tiled = (...all: layers.Layer[]): number[] => {
    const graph = importLayersModel(modelOf(...all), [[...SHAPE]]);
    return [...tileableNodes(graph)].map(({id}) => id);
  };

  test.each<[string, number[], layers.Layer[]]>([
    ['3 × 3 taps side by side', [0], [conv()]],
    ['no other kernel', [], [conv('linear', 5)]],
    ['no strides', [], [layers.conv2d({filters: 16, kernelSize: 3, strides: 2})]],
    ['no dilations', [], [layers.conv2d({filters: 16, kernelSize: 3, dilationRate: 2})]],
    ['not where there are few channels', [], [conv('linear', 3, 4), conv('linear', 3, 16)]],
    [
      'not where results are within bounds and inputs are not',
      [1],
      [conv('relu6'), conv('relu6'), conv('relu6', 1)],
    ],
    [
      'nor where they are so later',
      [2],
      [conv(), layers.depthwiseConv2d({kernelSize: 3, activation: 'tanh'}), conv('relu6')],
    ],
    ['nor where a layer comes that nobody knows', [], [conv(), new Unknown({})]],
    ['but where channels are added up before', [0], [conv(), conv('relu6', 1)]],
    [
      'a pool leaves inputs within bounds',
      [2],
      [conv('relu6', 1), layers.maxPooling2d({poolSize: 2}), conv('relu6')],
    ],
  ])('%s', (_, expected, all) => {
    expect(tiled(...all)).toEqual(expected);
  });

  test('nor where the smaller of two is taken, but where both are summed', () => {
    const tiledBefore = (merge: layers.Layer): number => {
      const start = input({shape: [...SHAPE]});
      const both = [conv(), conv()].map((layer) => layer.apply(start) as typeof start);
      const model = modelFrom({inputs: start, outputs: merge.apply(both) as typeof start});
      return tileableNodes(importLayersModel(model, [[...SHAPE]])).size;
    };
    expect(tiledBefore(layers.minimum())).toBe(0);
    expect(tiledBefore(layers.add())).toBe(2);
  });
});

/** A program of one convolution, with a filter that is assigned. */
class Assigned {
  readonly #model = modelOf(conv('relu'));
  readonly #program: Program;
  readonly #cache = new ActivationCache();
  readonly #frame = new Float32Array(SIZE).map((_, i) => Math.sin(i));

  constructor(filter: Float32Array) {
    this.assign(filter);
    const graph = importLayersModel(this.#model, [[...SHAPE]]);
    this.#program = wasmEngine.compile(graph, {thresholds: new Map(), inputThreshold: 0});
  }

  assign(filter: Float32Array): void {
    tf.tidy(() => this.#model.setWeights([tf.tensor(filter, [3, 3, 16, 16]), tf.zeros([16])]));
  }

  run(): Float32Array {
    this.#program.refresh();
    const frame = [{data: this.#frame, stride: SHAPE[2]}];
    const {outputs} = this.#program.run(
      this.#cache,
      frame,
      this.#program.difference(this.#cache, frame, null),
    );
    const [values] = outputs.map((output) => (output as tf.Tensor).dataSync<'float32'>().slice());
    tf.dispose(outputs as tf.Tensor[]);
    return values;
  }

  /** What a frame is forecast to take in which one pixel more changes. */
  forecast(...pixels: readonly (readonly [y: number, x: number])[]): number {
    const changed = this.#frame.slice();
    for (const [y, x] of pixels) changed[(y * SHAPE[1] + x) * SHAPE[2]] += 1;
    const frame = [{data: changed, stride: SHAPE[2]}];
    return this.#program.costModel!.forecast(this.#cache, this.#program.difference(this.#cache, frame, null));
  }

  get fullMs(): number {
    return this.#program.costModel!.fullMs;
  }

  dispose(): void {
    this.#cache.dispose();
    this.#program.dispose();
    this.#model.dispose();
  }
}

const dense = Float32Array.from({length: 9 * 256}, (_, i) => Math.sin(7 * i + 1));
/** Nothing but the tap in the middle. */
const central = dense.map((value, i) => (Math.floor(i / 256) === 4 ? value : 0));

test('a filter that is assigned may bring them in or out: bits are those of a program that never had another', () => {
  const assigned = new Assigned(dense);
  const [first, inTiles] = [assigned.run(), assigned.fullMs];
  assigned.assign(central);
  const second = assigned.run();
  expect(assigned.fullMs).not.toBe(inTiles);
  const alone = new Assigned(central);
  expect(second).toEqual(alone.run());
  assigned.assign(dense);
  expect(assigned.run()).toEqual(first);
  expect(assigned.fullMs).toBe(inTiles);
  assigned.dispose();
  alone.dispose();
});

test('a forecast counts tiles', () => {
  const program = new Assigned(dense);
  program.run();
  const [four, six] = [program.forecast([3, 3]), program.forecast([3, 4], [3, 5])];
  // 3 × 4 pixels from an even column on, where the others begin at an odd one.
  expect(program.forecast([3, 3], [3, 4])).toBe(four);
  expect(program.forecast([2, 4])).toBe(four);
  const tile = (six - four) / 2;
  expect(tile).toBeGreaterThan(0);
  expect(program.fullMs - four).toBeCloseTo((4 * 5 - 4) * tile, 12);
  program.dispose();
});

test.each([
  ['many rows at a time', 21, 39],
  ['less than a row at a time', 3, 301],
])('with a threshold, whose values are computed %s, bits are the same', (_, height, width) => {
  const inputShape = [height, width, 16];
  const model = sequential({layers: [layers.inputLayer({inputShape}), conv('relu')]});
  const exact = withReuse(model, {engine: 'wasm', policy: 'incremental'});
  const within = withReuse(model, {engine: 'wasm', policy: 'incremental', threshold: 1e-30});
  for (const step of [1, 2, 3]) {
    const frame = new Float32Array(height * width * 16).map((_value, i) => Math.sin(step * i));
    expect(Buffer.from(within.run(frame).buffer).equals(Buffer.from(exact.run(frame).buffer))).toBe(true);
  }
  exact.dispose();
  within.dispose();
  model.dispose();
});

interface Scales {
  /** Of each tap of each convolution's filter, as a power of ten. */
  taps: number[];
  /** Of each input channel. */
  channels: number[];
  spikes: {at: number; power: number; all: boolean}[];
  /** Whether every other tap is 0. */
  sparse: boolean;
  activations: Activation[];
  seed: number;
}

const activation = fc.constantFrom<Activation>('linear', 'relu', 'relu6', 'tanh');
const unbounded = fc.constantFrom<Activation>('linear', 'relu');
const power = fc.oneof(
  {weight: 3, arbitrary: fc.constant(0)},
  {weight: 1, arbitrary: fc.integer({min: -9, max: 0})},
);
const scales: fc.Arbitrary<Scales> = fc.record({
  taps: fc.oneof(
    fc.constant(Array.from({length: 9}, () => 0)),
    fc.array(power, {minLength: 9, maxLength: 9}),
  ),
  channels: fc.array(
    fc.oneof({weight: 3, arbitrary: fc.constant(0)}, {weight: 1, arbitrary: fc.integer({min: -4, max: 4})}),
    {minLength: 16, maxLength: 16},
  ),
  spikes: fc.array(
    fc.record({at: fc.nat(SIZE - 1), power: fc.integer({min: 1, max: 7}), all: fc.boolean()}),
    {maxLength: 6},
  ),
  sparse: fc.boolean(),
  // Behind sums that all but cancel out, a clamp makes noise of any rounding.
  activations: fc.oneof(fc.tuple(unbounded), fc.tuple(activation, unbounded)),
  seed: fc.integer({min: 1, max: 1 << 20}),
});

const SCALES = sample({short: 40, ci: 300, long: 2000});

/** The largest difference; NaN where there is one, so that it fails every comparison. */
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

function withScales(model: LayersModel, {taps, channels, sparse, seed}: Scales): void {
  const next = random(seed);
  model.setWeights(
    model.getWeights().map((weight, layer) => {
      const values = new Float32Array(weight.size).map((_, i) => {
        const [tap, input] = [Math.floor(i / 256), Math.floor(i / 16) % 16];
        if (weight.rank === 1) return next() - 0.5;
        if (sparse && next() < 0.5) return 0;
        return (next() - 0.5) * 10 ** (taps[tap] - (layer === 0 ? channels[input] : 0));
      });
      return tf.tensor(values, weight.shape);
    }),
  );
}

function spikyFrame({channels, spikes, seed}: Scales): Float32Array {
  const next = random(seed + 1);
  const frame = new Float32Array(SIZE).map((_, i) => next() * 10 ** channels[i % 16]);
  for (const {at, power: size, all} of spikes) {
    const first = all ? at - (at % 16) : at;
    for (let i = first; i < (all ? first + 16 : at + 1); i++) frame[i] *= 10 ** size;
  }
  return frame;
}

test(`values of very different sizes: as near to the model as is promised, in ${SCALES.numRuns} cases`, () => {
  fc.assert(
    fc.property(scales, (spec) => {
      const model = modelOf(...spec.activations.map((name) => conv(name)));
      const reuse = withReuse(model, {engine: 'wasm', policy: 'incremental'});
      tf.tidy(() => {
        withScales(model, spec);
        const graph = importLayersModel(model, [[...SHAPE]]);
        const frames = [0, 1, 2, 3].map((t) => spikyFrame({...spec, seed: spec.seed + t}));
        const expected = frames.map((frame) =>
          (model.predict(tf.tensor(frame, [1, ...SHAPE])) as tf.Tensor).dataSync<'float32'>(),
        );
        const own = Math.max(...frames.map((frame, t) => distance(expected[t], float64(graph, [frame])[0])));
        frames.forEach((frame, t) => {
          const largest = expected[t].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
          const off = distance(reuse.run(frame), expected[t]);
          if (!(off <= 1e-5 * largest || off <= 4 * own))
            throw new Error(`off by ${off}, largest value ${largest}, model from float64 ${own}`);
        });
      });
      reuse.dispose();
      model.dispose();
    }),
    SCALES,
  );
});

/** Every other tap is 0, at random. */
const sparse = dense.map((value, i) => (Math.sin(3 * i * i) < 0 ? 0 : value));

test.each<[string, Float32Array, Activation]>([
  ['a filter of a single tap', central, 'linear'],
  ['a filter of which many taps are 0, and a clamp', sparse, 'relu6'],
  ['a filter of which many taps are 0, and a sigmoid', sparse, 'tanh'],
])('%s, beside spikes: as near as a sum of these products is', (_, filter, name) => {
  const model = modelOf(conv(name));
  tf.tidy(() => model.setWeights([tf.tensor(filter, [3, 3, 16, 16]), tf.zeros([16])]));
  const graph = importLayersModel(model, [[...SHAPE]]);
  const reuse = withReuse(model, {engine: 'wasm', policy: 'incremental'});
  const frame = new Float32Array(SIZE).map((_, i) => (i % 53 === 0 ? 1e5 : Math.abs(Math.sin(i))));
  const [exact] = float64(graph, [frame]);
  const input = {plane: planeOf(graph.values[0]), data: Float64Array.from(frame)};
  const bounds = roundingOf(graph.nodes[0].op, [input], settingsOf(graph)[0], exact);
  reuse.run(frame).forEach((value, i) => {
    if (!(Math.abs(value - exact[i]) <= bounds[i]))
      throw new Error(`off by ${Math.abs(value - exact[i])} at ${i}, where ${bounds[i]} is allowed`);
  });
  reuse.dispose();
  model.dispose();
});
