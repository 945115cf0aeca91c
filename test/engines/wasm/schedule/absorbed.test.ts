/** Activations behind ops that only copy: which are absorbed, and that nothing but the time tells. */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../../../src/cache';
import type {Threshold} from '../../../../src/engines/engine';
import {wasmEngine} from '../../../../src/engines/wasm/engine';
import {absorbedIn} from '../../../../src/engines/wasm/schedule/absorbed';
import {GraphBuilder, planeOf, type Activation, type Graph, type Op} from '../../../../src/graph';
import {useBackend} from '../../../backends';
import {random} from '../../../properties/networks';
import {sample} from '../../../scale';
import {graphSpec, type GraphSpec, type NodeSpec} from '../../fuzz/graph-spec';
import {RandomGraph} from '../../fuzz/random-graph';
import {expectSame} from '../kernels/harness';

beforeAll(() => useBackend('cpu'));

const RELU: Activation = {name: 'relu'};
const CONCAT: Op = {kind: 'concat', axis: 'channels'};
const NO_THRESHOLDS = new Map<number, Threshold>();

/** An activation of a concatenation, and whether the latter is handed out as well. */
function joined(shape: number[], op: Op, activation: Activation, handsOut = false): Graph {
  const builder = new GraphBuilder();
  const parts = [builder.input('a', shape), builder.input('b', shape)];
  const [both] = builder.node(op, parts, {name: 'both'});
  const [active] = builder.node({kind: 'activation', activation}, [both], {name: 'active'});
  return builder.build(handsOut ? [active, both] : [active]);
}

test('an activation is absorbed by the concatenation that it alone reads', () => {
  expect(absorbedIn(joined([4, 5, 3], CONCAT, RELU), NO_THRESHOLDS).size).toBe(1);
});

test.each([
  ['values that are handed out', joined([4, 5, 3], CONCAT, RELU, true), NO_THRESHOLDS],
  ['values with a threshold', joined([4, 5, 3], CONCAT, RELU), new Map([[0, 0.1]])],
  ['vectors', joined([4], {kind: 'concat', axis: 'width'}, RELU), NO_THRESHOLDS],
  ['whole pixels, as softmax needs them', joined([4, 5, 3], CONCAT, {name: 'softmax'}), NO_THRESHOLDS],
  ['sums', joined([4, 5, 3], {kind: 'merge', fn: 'add', activation: {name: 'linear'}}, RELU), NO_THRESHOLDS],
])('not of %s', (_, graph, thresholds) => {
  expect(absorbedIn(graph, thresholds).size).toBe(0);
});

const conv: NodeSpec = {
  kind: 'conv',
  filters: 5,
  window: {kernel: [3, 3], strides: [1, 1], dilations: [1, 1], padding: 'same'},
  activation: {name: 'linear'},
  norm: false,
};
const copies = fc.oneof(
  fc.record({
    kind: fc.constant('concat' as const),
    axis: fc.constantFrom<'height' | 'width' | 'channels'>('height', 'width', 'channels'),
    others: fc.array(fc.constantFrom<'convolved' | 'graphInput'>('convolved', 'graphInput'), {
      minLength: 1,
      maxLength: 2,
    }),
    crop: fc.nat(2),
  }),
  fc.record({
    kind: fc.constant('pad' as const),
    amounts: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
  }),
);
const activations = fc.record({
  kind: fc.constant('activation' as const),
  activation: fc.constantFrom<Activation>(RELU, {name: 'sigmoid'}, {name: 'clippedRelu', parameter: 0.3}),
});
const specs: fc.Arbitrary<GraphSpec> = fc
  .tuple(graphSpec, copies, activations, fc.constantFrom<NodeSpec[]>([], [conv]), fc.boolean())
  .map(([{seed}, copy, activation, after, isReshaped]) => ({
    height: 5,
    width: 7,
    channels: 3,
    seed,
    nodes: [conv, copy, activation, ...(isReshaped ? [{kind: 'reshape', to: 'scalars'} as const] : after)],
  }));

/** A program of a graph, the frames that it was shown, and what it said of the last one. */
function played(graph: Graph, thresholds: ReadonlyMap<number, Threshold>, seed: number) {
  const program = wasmEngine.compile(graph, {thresholds, inputThreshold: 0});
  const cache = new ActivationCache();
  const next = random(seed);
  const frame = graph.inputs.map((id) => {
    const {height, width, channels} = planeOf(graph.values[id]);
    const data = Float32Array.from({length: height * width * channels}, () => next() * 2 - 1);
    return {data, stride: channels};
  });
  const last = graph.outputs.indexOf(graph.values.length - 1);
  const frames = Array.from({length: 6}, (_, t) => {
    const old = frame.map(({data}) => data.slice());
    for (const {data} of frame) if (next() < 0.7) data[Math.floor(next() * data.length)] = next() * 2 - 1;
    const commit = t !== 3;
    const delta = program.difference(cache, frame, null);
    const {outputs, report} = program.run(cache, frame, delta, {commit});
    const values = outputs[last].dataSync<'float32'>().slice();
    const changed = report()!.map(({region}) => region!.toMask());
    tf.dispose(outputs);
    if (!commit) frame.forEach(({data}, i) => data.set(old[i]));
    return {values, changed};
  });
  cache.dispose();
  program.dispose();
  return frames;
}

test('values and regions are those of a program that hands out all between', () => {
  let absorbed = 0;
  let graphs = 0;
  fc.assert(
    fc.property(specs, fc.constantFrom<Threshold | null>(null, 0.2, {relative: 0.3}), (spec, threshold) => {
      const net = new RandomGraph(spec);
      const {graph: whole} = net;
      const graph = {...whole, outputs: [whole.values.length - 1]};
      const activation = graph.nodes.findIndex(({op}) => op.kind === 'activation');
      const thresholds = new Map(threshold === null ? [] : [[activation, threshold] as const]);
      graphs++;
      absorbed += absorbedIn(graph, thresholds).size;
      const computed = graph.nodes.filter(({op}) => op.kind !== 'reshape').map(({op}) => op.kind);
      const expected = played(whole, thresholds, spec.seed);
      played(graph, thresholds, spec.seed).forEach(({values, changed}, t) => {
        expectSame(values, expected[t].values);
        computed.forEach((kind, i) => {
          if (kind === 'activation' || kind === 'conv2d') expect(changed[i]).toEqual(expected[t].changed[i]);
        });
      });
      net.dispose();
    }),
    sample({short: 60, ci: 300, long: 2000}),
  );
  expect(absorbed).toBeGreaterThan(0.8 * graphs);
});
