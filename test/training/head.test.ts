/** The part of a model above its cut points, for many frames at once. */
import * as tf from '@tensorflow/tfjs-core';
import {GraphBuilder, LINEAR, reshapeTo, type Activation, type Op, type ValueId} from '../../src/graph';
import {headOf} from '../../src/training/head';
import {splitGraph} from '../../src/training/split';
import {useBackend} from '../backends';
import {numbers} from '../importers/helpers';

beforeAll(() => useBackend('cpu'));

const FRAMES = 3;
const UNITS = 12;

/** What stands above two dense layers, applied to rows of theirs. */
function headOver(
  above: (builder: GraphBuilder, left: ValueId, right: ValueId) => ValueId,
  after: Activation,
) {
  const builder = new GraphBuilder();
  const [pixels] = builder.node(reshapeTo([32]), [builder.input('input', [4, 4, 2])], {name: 'flat'});
  const dense = (name: string) => {
    const kernel = builder.weight({name, shape: [32, UNITS], values: () => new Float32Array(32 * UNITS)});
    return builder.node({kind: 'dense', units: UNITS, activation: after}, [pixels], {
      name,
      weights: {kernel},
    })[0];
  };
  const graph = builder.build([above(builder, dense('left'), dense('right'))]);
  const rows = [3, 4].map((seed) => tf.tensor2d(numbers(FRAMES * UNITS, seed), [FRAMES, UNITS]));
  return {head: headOf(graph, splitGraph(graph)), rows};
}

const same = (actual: tf.Tensor, expected: tf.Tensor) => {
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.dataSync()).toEqual(expected.dataSync());
};

test.each([
  ['height', 1],
  ['width', 2],
  ['channels', 3],
] as const)('puts planes together along %s', (axis, at) => {
  const {head, rows} = headOver((builder, ...sides) => {
    const planes = sides.map((side, i) => builder.node(reshapeTo([2, 3, 2]), [side], {name: `plane${i}`})[0]);
    return builder.node({kind: 'concat', axis}, planes, {name: 'both'})[0];
  }, LINEAR);
  const [left, right] = rows.map((row) => tf.reshape(row, [FRAMES, 2, 3, 2]));
  same(head(rows)[0], tf.concat([left, right], at));
});

it('applies the activation of a dense layer, whose rows are sums before it', () => {
  const {head, rows} = headOver(
    (builder, left, right) =>
      builder.node({kind: 'merge', fn: 'average', activation: LINEAR}, [left, right], {name: 'mean'})[0],
    {name: 'relu'},
  );
  const [left, right] = rows.map((row) => tf.relu(row));
  same(head(rows)[0], tf.div(tf.add(left, right), 2));
});

it('normalizes the channels of each frame', () => {
  const [gamma, beta] = [numbers(UNITS, 5), numbers(UNITS, 6)];
  const {head, rows} = headOver((builder, left) => {
    const weights = {
      gamma: builder.weight({name: 'gamma', shape: [UNITS], values: () => gamma}),
      beta: builder.weight({name: 'beta', shape: [UNITS], values: () => beta}),
    };
    return builder.node({kind: 'layerNormalization', epsilon: 0.1}, [left], {name: 'normed', weights})[0];
  }, LINEAR);
  const {mean, variance} = tf.moments(rows[0], 1, true);
  const scaled = tf.mul(tf.mul(tf.sub(rows[0], mean), tf.rsqrt(tf.add(variance, 0.1))), gamma);
  same(head(rows)[0], tf.add(scaled, beta));
});

it('names what cannot be differentiated there', () => {
  const sliced: Op = {kind: 'sliceChannels', begin: 0, size: 2};
  const over = () => headOver((builder, left) => builder.node(sliced, [left], {name: 'some'})[0], LINEAR);
  expect(over).toThrow("record(): 'some' (sliceChannels) stands above a dense layer or a global pool");
});
