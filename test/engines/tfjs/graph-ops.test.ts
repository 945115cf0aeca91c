/** The ops of graph models on the portable engine: edited frames are what float64 says, and what a fresh cache gets. */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../../src/cache';
import {tfjsEngine} from '../../../src/engines/tfjs/engine';
import {
  GraphBuilder,
  LINEAR,
  type Activation,
  type Graph,
  type Op,
  type Plane,
  type Shape,
} from '../../../src/graph';
import {backends, useBackend} from '../../backends';
import {numbers} from '../../importers/helpers';
import {float64} from '../../reference/float64';
import {graphModelNode, graphModelOp, type GraphModelSpec} from '../fuzz/graph-model-ops';
import {sample} from '../../scale';

const {abs, max} = Math;

function graphOf(
  op: Op,
  {height, width, channels}: Plane,
  weights: Readonly<Record<string, Shape>>,
  inputs = 1,
): Graph {
  const builder = new GraphBuilder();
  const xs = Array.from({length: inputs}, (_, i) => builder.input(`x${i}`, [height, width, channels]));
  const slots = Object.entries(weights).map(([name, shape], i) => {
    const values = () =>
      numbers(
        shape.reduce((a, b) => a * b, 1),
        50 + i,
      );
    return [name, builder.weight({name, shape, values})];
  });
  return builder.build(builder.node(op, xs, {name: 'y', weights: Object.fromEntries(slots)}));
}

/** Some pixels get other values. */
function edited(values: Float32Array, {channels}: Plane, seed: number): Float32Array {
  const chosen = numbers(values.length / channels, seed);
  const fresh = numbers(values.length, seed + 1);
  return values.map((value, i) => (chosen[Math.floor(i / channels)] > 0.5 ? fresh[i] : value));
}

function check(graph: Graph, plane: Plane, seed: number): void {
  const options = {thresholds: new Map(), inputThreshold: 0};
  const program = tfjsEngine.compile(graph, options);
  const [cache, fresh] = [new ActivationCache(), new ActivationCache()];
  const compute = (into: ActivationCache, frame: tf.Tensor[]) => {
    const delta = program.difference(into, frame, null);
    const {outputs} = program.run(into, frame, delta);
    return outputs[0].dataSync<'float32'>();
  };
  let frames = graph.inputs.map((_, i) => numbers(plane.height * plane.width * plane.channels, seed + i));
  for (let t = 0; t < 3; t++) {
    tf.tidy(() => {
      const shape = [1, plane.height, plane.width, plane.channels];
      const frame = frames.map((values) => tf.tensor(values.slice(), shape));
      const actual = compute(cache, frame);
      fresh.clear();
      const alone = compute(fresh, frame);
      const [expected] = float64(graph, frames);
      const scale = expected.reduce((most, value) => max(most, abs(value)), 1);
      expect(actual).toHaveLength(expected.length);
      actual.forEach((value, i) => {
        if (abs(value - expected[i]) > 1e-5 * scale || abs(value - alone[i]) > 1e-6 * scale)
          throw new Error(`Frame ${t}, at ${i}: ${value}, afresh ${alone[i]}, expected ${expected[i]}.`);
      });
    });
    frames = frames.map((values, i) => edited(values, plane, seed + 100 * t + i));
  }
  [cache, fresh, program].forEach((each) => each.dispose());
}

const side = fc.integer({min: 1, max: 9});
const image = fc.record({height: side, width: side, channels: fc.constantFrom(1, 2, 4, 8, 9)});
const activation = fc.constantFrom<Activation>(
  LINEAR,
  {name: 'relu6'},
  {name: 'hardSwish', parameter: 1 / 6},
);

/** TensorFlow 2.21 loses all taps but one of a transposed convolution from one channel to one; tfjs's cpu does not. */
function isMiscomputed(spec: GraphModelSpec, {channels}: Plane): boolean {
  return spec.kind === 'convTranspose' && spec.filters === 1 && channels === 1;
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('an op of any form', () => {
    const before = tf.memory().numTensors;
    fc.assert(
      fc.property(graphModelNode(activation), image, fc.nat(10_000), (spec, plane, seed) => {
        if (backend === 'tensorflow' && isMiscomputed(spec, plane)) return;
        const made = graphModelOp(spec, plane, 3_000);
        if (made !== null) check(graphOf(made.op, plane, made.weights), plane, seed);
      }),
      sample({short: 30, ci: 120, long: 120}),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a quotient', () => {
    const op: Op = {kind: 'merge', fn: 'divide', activation: {name: 'tanh'}};
    const plane = {height: 5, width: 6, channels: 3};
    check(graphOf(op, plane, {}, 2), plane, 7);
  });

  const window = {kernel: [2, 2], strides: [1, 1], dilations: [1, 1], padding: 'same'} as const;
  const norm = {gamma: [4], beta: [4], mean: [4], variance: [4]};
  test.each<[string, Record<string, Shape>]>([
    ['a scale', {scale: [4]}],
    ['a shift', {shift: [4]}],
    ['both, after a bias', {bias: [4], scale: [4], shift: [4]}],
    ['both, after a batch norm', {bias: [4], scale: [4], shift: [4], ...norm}],
  ])('convolutions with %s', (_name, weights) => {
    const plane = {height: 5, width: 6, channels: 2};
    const batchNormEpsilon = 'mean' in weights ? 2 : null;
    const form = {window, activation: LINEAR, batchNormEpsilon};
    const dense: Op = {kind: 'conv2d', filters: 4, ...form};
    check(graphOf(dense, plane, {filter: [2, 2, 2, 4], ...weights}), plane, 3);
    const depthwise: Op = {kind: 'depthwiseConv2d', depthMultiplier: 2, ...form};
    check(graphOf(depthwise, plane, {filter: [2, 2, 2, 2], ...weights}), plane, 3);
  });
});
