/** Models put together at random: branches, shared layers, models in models, several inputs and outputs. */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as modelOf,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import {expectSame, kinds} from './helpers';
import {sample} from '../scale';

const SAMPLE = sample({short: 30, ci: 120, long: 120});

beforeAll(() => tf.setBackend('cpu'));

type Layer = layers.Layer;
type Value = SymbolicTensor;

interface Step {
  readonly kind: number;
  readonly first: number;
  readonly second: number;
  readonly detail: number;
}

const step = fc.record({kind: fc.nat(99), first: fc.nat(99), second: fc.nat(99), detail: fc.nat(99)});
const plan = fc.record({
  steps: fc.array(step, {minLength: 3, maxLength: 14}),
  outputs: fc.array(fc.nat(99), {minLength: 1, maxLength: 3}),
  seed: fc.nat(1000),
});

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length];

/** Layers that leave an image of 6×5 pixels with 3 channels one of the same kind, so that any fits on any. */
const KEEPING: readonly ((detail: number) => unknown)[] = [
  (detail) =>
    layers.conv2d({
      filters: 3,
      kernelSize: pick([1, 2, 3], detail),
      padding: 'same',
      activation: pick([undefined, 'relu', 'softmax'] as const, detail),
    }),
  (detail) => layers.conv2d({filters: 3, kernelSize: 3, padding: 'same', useBias: detail % 2 === 0}),
  () => layers.depthwiseConv2d({kernelSize: 3, padding: 'same'}),
  (detail) =>
    layers.separableConv2d({filters: 3, kernelSize: 3, padding: 'same', depthMultiplier: 1 + (detail % 2)}),
  (detail) => layers.batchNormalization({scale: detail % 3 > 0, center: detail % 2 > 0}),
  (detail) => layers.batchNormalization({epsilon: pick([0.001, 0.1], detail)}),
  (detail) =>
    layers.activation({activation: pick(['relu', 'elu', 'sigmoid', 'softmax', 'linear'] as const, detail)}),
  () => layers.reLU({maxValue: 1}),
  () => layers.prelu({sharedAxes: [1, 2]}),
  () => layers.maxPooling2d({poolSize: 3, strides: 1, padding: 'same'}),
  () => layers.averagePooling2d({poolSize: 2, strides: 1, padding: 'same'}),
  () => layers.dropout({rate: 0.5}),
  (detail) => layers.layerNormalization({scale: detail % 3 > 0, center: detail % 2 > 0}),
  () => layers.rescaling({scale: 0.5, offset: 0.2}),
];

const JOINING: readonly (() => unknown)[] = [
  () => layers.add({}),
  () => layers.average({}),
  () => layers.multiply({}),
  () => layers.maximum({}),
];

const apply = (layer: unknown, inputs: Value | Value[]): Value => (layer as Layer).apply(inputs) as Value;

/** A pad, a convolution without padding, and a batch norm: what a fused node is made of. */
function block(value: Value, detail: number): Value {
  const padded = apply(
    layers.zeroPadding2d({
      padding: [
        [1, 1],
        [2, 0],
      ],
    }),
    value,
  );
  const summed = apply(layers.conv2d({filters: 3, kernelSize: 3}), padded);
  return pick([summed, apply(layers.batchNormalization({}), summed)], detail);
}

function grow(values: Value[], {kind, first, second, detail}: Step, made: unknown[]): Value {
  const value = pick(values, first);
  // Never the same twice: tfjs disposes of a tensor too early where one layer reads it twice and another one later.
  const other = pick(
    values.filter((candidate) => candidate !== value),
    second,
  );
  if (kind < 45) {
    const layer = pick(KEEPING, detail)(second);
    made.push(layer);
    return apply(layer, value);
  }
  if (kind < 60) return apply(pick(JOINING, detail)(), [value, other]);
  if (kind < 70 && made.length > 0) return apply(pick(made, detail), value);
  if (kind < 80)
    return apply(layers.conv2d({filters: 3, kernelSize: 1}), apply(layers.concatenate({}), [value, other]));
  if (kind < 85)
    return apply(
      layers.cropping2D({
        cropping: [
          [6, 0],
          [0, 5],
        ],
      }),
      apply(layers.upSampling2d({}), value),
    );
  if (kind < 86)
    return apply(layers.multiply({}), [
      value,
      apply(
        layers.reshape({targetShape: [1, 1, 3]}),
        apply(layers.globalAveragePooling2d({} as never), value),
      ),
    ]);
  return block(value, detail);
}

function head(value: Value, detail: number): Value {
  if (detail % 4 === 0) return value;
  if (detail % 4 === 1) return apply(layers.globalMaxPooling2d({} as never), value);
  return apply(
    layers.dense({units: 4, activation: pick([undefined, 'softmax', 'tanh'] as const, detail)}),
    apply(layers.flatten({}), value),
  );
}

function modelFrom(
  steps: readonly Step[],
  outputs: readonly number[],
  nested: LayersModel | null,
): LayersModel {
  const inputs = [0, 1].map(() => input({shape: [6, 5, 3]}));
  const values: Value[] = [...inputs];
  if (nested) values.push(...([nested.apply(inputs)].flat() as Value[]).filter(({rank}) => rank === 4));
  const made: unknown[] = [];
  for (const next of steps) values.push(grow(values, next, made));
  if (nested)
    values.push(...([nested.apply(values.slice(-2))].flat() as Value[]).filter(({rank}) => rank === 4));
  const ends = new Set(outputs.map((at) => head(values[values.length - 1 - (at % values.length)], at)));
  return modelOf({inputs, outputs: [...ends]});
}

test('a random model computes the same as a graph', () => {
  const seen = new Set<string>();
  let fused = 0;
  fc.assert(
    fc.property(plan, fc.option(plan), ({steps, outputs, seed}, inner) => {
      const nested = inner && modelFrom(inner.steps.slice(0, 5), inner.outputs, null);
      const model = modelFrom(steps, outputs, nested);
      const graph = expectSame(model, undefined, seed);
      kinds(graph).forEach((kind) => seen.add(kind));
      fused += graph.nodes.reduce((sum, {aliases}) => sum + aliases.length, 0);
    }),
    SAMPLE,
  );
  expect(seen.size).toBeGreaterThanOrEqual(10);
  expect(fused).toBeGreaterThan(SAMPLE.numRuns / 12);
});
