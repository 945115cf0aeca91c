/** Steps of random graph models that compute values where they are: activations, merges, sums and products. */
import {numbers} from '../../helpers';
import {FORMS, layerNormalized} from '../layer-normalized';
import {FLOAT, windowed} from '../tf-graph';
import {distinct, isImage, isSame, type Builder, type Grow, type Made} from './builder';

const ACTIVATIONS = ['Relu', 'Relu6', 'Elu', 'Sigmoid', 'Tanh', 'LeakyRelu', 'Softplus'];
/** Ops that the plan has not. */
const UNKNOWN = ['Abs', 'Erf', 'Sign', 'Square', 'Neg', 'Sin', 'Exp', 'Floor'];

export const reduce: Grow = (builder, from, _, choose) => {
  if (!isImage(from)) return null;
  const keeps = choose(0, 1, 1) === 1;
  const channels = from.shape[3];
  const shape = keeps ? [1, 1, 1, channels] : [1, channels];
  return builder.add(choose(0, 1) ? 'Mean' : 'Max', [from.name, builder.graph.integers([1, 2])], shape, {
    keep_dims: keeps,
  });
};

export const activation: Grow = (builder, from, _, choose) =>
  builder.add(ACTIVATIONS[choose(0, 1, 2, 3, 4, 5, 6)], [from.name], from.shape, {alpha: {float: 0.25}});

export const unknown: Grow = (builder, from, _, choose) =>
  builder.add(
    UNKNOWN[choose(0, 1, 2, 3, 4, 5, 6, 7)],
    [builder.add('Tanh', [from.name], from.shape).name],
    from.shape,
  );

export const constant: Grow = (builder, from, _, choose) => {
  const op = ['AddV2', 'Sub', 'Mul'][choose(0, 1, 2)];
  const last = from.shape[from.shape.length - 1];
  const shapes = [[], [last], from.shape, from.shape.map((side, axis) => (axis % 2 ? side : 1))];
  const other = builder.graph.floats(shapes[choose(0, 1, 2, 3)]);
  return builder.add(op, choose(0, 1) ? [from.name, other] : [other, from.name], from.shape);
};

export const pattern: Grow = (builder, from, _, choose) => {
  const add = (op: string, inputs: string[]) => builder.add(op, inputs, from.shape).name;
  const number = (value: number) => builder.graph.floats([], [value]);
  const order = choose(0, 1, 2);
  const kind = choose(0, 1, 2);
  if (kind === 0) return builder.add('Mul', [from.name, add('Sigmoid', [from.name])], from.shape);
  if (kind === 1) return normalized(builder, from, choose);
  const gate = add('Relu6', [add('AddV2', [from.name, number(3)])]);
  const factors = [from.name, gate, number(1 / 6)];
  const [a, b, c] = [0, 1, 2].map((i) => factors[(i + order) % 3]);
  // A number by a number would be a constant; here one of the first two is a tensor always.
  return builder.add('Mul', [add('Mul', [a, b]), c], from.shape);
};

/** Layer normalization, which ends in a sum. */
function normalized(builder: Builder, from: Made, choose: (...options: number[]) => number): Made {
  const channels = from.shape[from.shape.length - 1];
  const [gamma, beta] = [0, 1].map(() => (choose(0, 1) ? [channels] : null));
  const name = layerNormalized(builder.graph, from.name, {form: FORMS[choose(0, 1)], gamma, beta});
  return {name, shape: from.shape};
}

export const merge: Grow = (builder, from, beside, choose) => {
  const op = ['AddV2', 'Sub', 'Mul', 'Maximum', 'Minimum'][choose(0, 1, 2, 3, 4)];
  const channels = from.shape[from.shape.length - 1];
  const fits =
    isSame(from, beside) ||
    (isImage(from) && `${beside.shape}` === `1,1,1,${channels}`) ||
    `${beside.shape}` === `1,${channels}`;
  if (!fits) return null;
  return builder.add(op, choose(0, 1) ? [from.name, beside.name] : [beside.name, from.name], from.shape);
};

export const product: Grow = (builder, from, _, choose) => {
  if (from.shape.length !== 2 || from.shape[0] !== 1) return null;
  const units = choose(2, 3, 6);
  const kernel = builder.graph.floats([from.shape[1], units]);
  return builder.add('MatMul', [from.name, kernel], [1, units], {transpose_a: false, transpose_b: false});
};

export const norm: Grow = (builder, from) => {
  if (!isImage(from)) return null;
  const channels = from.shape[3];
  const [gamma, beta, mean] = [0, 1, 2].map(() => builder.graph.floats([channels]));
  const variance = builder.graph.floats(
    [channels],
    numbers(channels, 3).map((value) => 0.5 + value * value),
  );
  return builder.add('FusedBatchNormV3', [from.name, gamma, beta, mean, variance], from.shape, {
    epsilon: {float: 0.01},
    is_training: false,
  });
};

/** Where a tensor is as large as everything around it: how the peaks of a heat map are found. */
export const peaks: Grow = (builder, from) => {
  if (!isImage(from)) return null;
  const x = distinct(builder, from);
  const pooled = builder.graph.node('MaxPool', [x], {...windowed(), ksize: [1, 3, 3, 1]});
  const equal = builder.graph.node('Equal', [x, pooled]);
  const mask = builder.graph.node('Cast', [equal], {SrcT: {type: 'DT_BOOL'}, DstT: FLOAT});
  return builder.add('Mul', [x, mask], from.shape);
};

/** Drawn anew in each frame, and then multiplied by 0: whatever reads it must run, and gives the same. */
export const noise: Grow = (builder, from) => {
  const {graph} = builder;
  const drawn = graph.node('RandomUniform', [graph.integers(from.shape)], {dtype: FLOAT, seed: 0, seed2: 0});
  return builder.add('AddV2', [from.name, graph.node('Mul', [drawn, graph.floats([], [0])])], from.shape);
};
