/** Ways for a random graph model to end in what no plan has. */
import {FLOAT, INT32} from '../tf-graph';
import {distinct, sizeOf, type Grow} from './builder';

const cumsum: Grow = (builder, from) =>
  builder.add('Cumsum', [from.name, builder.graph.integers([from.shape.length - 1], [])], from.shape, {
    exclusive: false,
    reverse: false,
  });

const reverse: Grow = (builder, from) =>
  builder.add('ReverseV2', [from.name, builder.graph.integers([from.shape.length - 1])], from.shape);

/** Whole numbers of values far apart. */
const whole: Grow = (builder, from) => {
  const scaled = builder.graph.node('Mul', [from.name, builder.graph.floats([], [4.03])]);
  const floor = builder.graph.node('Floor', [scaled]);
  return builder.add('Cast', [floor], from.shape, {SrcT: FLOAT, DstT: INT32});
};

const sum: Grow = (builder, from) =>
  builder.add('Sum', [from.name, builder.graph.integers([1])], [1], {keep_dims: false});

const best: Grow = (builder, from) => {
  const axis = builder.graph.integers([from.shape.length - 1], []);
  return builder.add('ArgMax', [distinct(builder, from), axis], from.shape.slice(0, -1));
};

/** The largest of all values, and what is at their places in another tensor. */
const top: Grow = (builder, from) => {
  const {graph} = builder;
  const size = sizeOf(from.shape);
  const row = graph.node('Reshape', [distinct(builder, from), graph.integers([1, size])]);
  const found = graph.node('TopKV2', [row, graph.integers([Math.min(3, size)], [])], {sorted: true});
  const places = graph.node('Cast', [`${found}:1`], {SrcT: INT32, DstT: FLOAT});
  return builder.add('Mul', [places, found], [1, Math.min(3, size)]);
};

/** Places of values that are above a number: how many there are is known only once they are computed. */
export const where: Grow = (builder, from) => {
  const above = builder.graph.node('Greater', [from.name, builder.graph.floats([], [0.1])]);
  return builder.add('Where', [above], [0, from.shape.length]);
};

export const TAILS: readonly Grow[] = [cumsum, reverse, whole, sum, best, top];
