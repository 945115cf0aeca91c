/** Random graph models, drawn as plain data: each step bends itself to the tensor it reads. Not a test. */
import * as fc from 'fast-check';
import {numbers} from '../helpers';
import {FLOAT, INT32, TfGraph, windowed} from './tf-graph';

/** A tensor of the graph: by name, and the shape it has. */
interface Made {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A step of the graph: what it does, to which of the tensors so far, and numbers that it takes its choices from. */
export interface Step {
  readonly kind: keyof typeof STEPS;
  readonly from: number;
  readonly beside: number;
  readonly choices: readonly number[];
}

export interface GraphSpec {
  readonly input: readonly [number, number, number];
  readonly integers: boolean;
  readonly channelsFirst: boolean;
  readonly steps: readonly Step[];
  /** What comes of some of the last tensors. */
  readonly tails: readonly Step[];
  readonly seed: number;
}

class Builder {
  readonly graph = new TfGraph();
  readonly made: Made[] = [];

  add(op: string, input: readonly string[], shape: readonly number[], attributes = {}): Made {
    return {name: this.graph.node(op, input, attributes), shape};
  }
}

type Grow = (
  builder: Builder,
  from: Made,
  beside: Made,
  choose: (...options: number[]) => number,
) => Made | null;

const isImage = ({shape}: Made) => shape.length === 4;
const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
const isSame = (a: Made, b: Made) => `${a.shape}` === `${b.shape}`;
const cells = (size: number, kernel: number, stride: number, same: boolean) =>
  same ? Math.ceil(size / stride) : Math.floor((size - kernel) / stride) + 1;

const ACTIVATIONS = ['Relu', 'Relu6', 'Elu', 'Sigmoid', 'Tanh', 'LeakyRelu', 'Softplus'];
/** Ops that the plan has not. */
const UNKNOWN = ['Abs', 'Erf', 'Sign', 'Square', 'Neg', 'Sin', 'Exp', 'Floor'];

/** A window that fits: its sides, strides, dilations and whether the padding is SAME. */
function windowFor({shape: [, height, width]}: Made, choose: (...options: number[]) => number) {
  const least = Math.min(height, width);
  const kernel = Math.min(choose(1, 2, 3, 3), least);
  const stride = choose(1, 1, 2);
  const dilation = stride === 1 && least >= 2 * kernel ? choose(1, 1, 2) : 1;
  const same = choose(0, 1) === 1 || (kernel - 1) * dilation + 1 > least;
  const reach = (kernel - 1) * dilation + 1;
  return {
    kernel,
    sides: [cells(height, reach, stride, same), cells(width, reach, stride, same)],
    attributes: windowed({
      strides: [1, stride, stride, 1],
      dilations: [1, dilation, dilation, 1],
      padding: same ? 'SAME' : 'VALID',
    }),
  };
}

const conv: Grow = (builder, from, _, choose) => {
  if (!isImage(from)) return null;
  const {kernel, sides, attributes} = windowFor(from, choose);
  const filters = choose(1, 2, 4, 5);
  const filter = builder.graph.floats([kernel, kernel, from.shape[3], filters]);
  const shape = [1, ...sides, filters];
  const fused = choose(0, 1, 2);
  if (fused === 0) return builder.add('Conv2D', [from.name, filter], shape, attributes);
  const ops = fused === 1 ? ['BiasAdd'] : ['BiasAdd', ['Relu', 'Relu6', 'Elu'][choose(0, 1, 2)]];
  const inputs = [from.name, filter, builder.graph.floats([filters])];
  return builder.add('_FusedConv2D', inputs, shape, {...attributes, fused_ops: ops, num_args: 1});
};

const depthwise: Grow = (builder, from, _, choose) => {
  if (!isImage(from)) return null;
  const {kernel, sides, attributes} = windowFor(from, choose);
  const multiplier = choose(1, 1, 2);
  const filter = builder.graph.floats([kernel, kernel, from.shape[3], multiplier]);
  return builder.add(
    'DepthwiseConv2dNative',
    [from.name, filter],
    [1, ...sides, from.shape[3] * multiplier],
    attributes,
  );
};

const backwards: Grow = (builder, from, _, choose) => {
  if (!isImage(from) || from.shape[1] > 8) return null;
  const [, height, width, channels] = from.shape;
  const [kernel, stride] = [choose(2, 3), choose(1, 2)];
  // From one channel to one, TensorFlow's own results are wrong (with oneDNN, as it comes).
  const filters = channels === 1 ? 3 : choose(1, 3);
  const shape = [1, height * stride, width * stride, filters];
  const filter = builder.graph.floats([kernel, kernel, filters, channels]);
  const attributes = windowed({strides: [1, stride, stride, 1]});
  return builder.add(
    'Conv2DBackpropInput',
    [builder.graph.integers(shape), filter, from.name],
    shape,
    attributes,
  );
};

const pool: Grow = (builder, from, _, choose) => {
  if (!isImage(from)) return null;
  const {kernel, sides, attributes} = windowFor(from, choose);
  const op = choose(0, 1) ? 'MaxPool' : 'AvgPool';
  const {dilations} = attributes as {dilations: number[]};
  if (dilations[1] > 1) return null;
  return builder.add(op, [from.name], [1, ...sides, from.shape[3]], {
    ...attributes,
    ksize: [1, kernel, kernel, 1],
  });
};

const reduce: Grow = (builder, from, _, choose) => {
  if (!isImage(from)) return null;
  const keeps = choose(0, 1, 1) === 1;
  const channels = from.shape[3];
  const shape = keeps ? [1, 1, 1, channels] : [1, channels];
  return builder.add(choose(0, 1) ? 'Mean' : 'Max', [from.name, builder.graph.integers([1, 2])], shape, {
    keep_dims: keeps,
  });
};

const activation: Grow = (builder, from, _, choose) =>
  builder.add(ACTIVATIONS[choose(0, 1, 2, 3, 4, 5, 6)], [from.name], from.shape, {alpha: {float: 0.25}});

const unknown: Grow = (builder, from, _, choose) =>
  builder.add(
    UNKNOWN[choose(0, 1, 2, 3, 4, 5, 6, 7)],
    [builder.add('Tanh', [from.name], from.shape).name],
    from.shape,
  );

const constant: Grow = (builder, from, _, choose) => {
  const op = ['AddV2', 'Sub', 'Mul'][choose(0, 1, 2)];
  const last = from.shape[from.shape.length - 1];
  const shapes = [[], [last], from.shape, from.shape.map((side, axis) => (axis % 2 ? side : 1))];
  const other = builder.graph.floats(shapes[choose(0, 1, 2, 3)]);
  return builder.add(op, choose(0, 1) ? [from.name, other] : [other, from.name], from.shape);
};

const spelled: Grow = (builder, from, _, choose) => {
  const add = (op: string, inputs: string[]) => builder.add(op, inputs, from.shape).name;
  const number = (value: number) => builder.graph.floats([], [value]);
  const order = choose(0, 1, 2);
  if (choose(0, 1) === 0) return builder.add('Mul', [from.name, add('Sigmoid', [from.name])], from.shape);
  const gate = add('Relu6', [add('AddV2', [from.name, number(3)])]);
  const factors = [from.name, gate, number(1 / 6)];
  const [a, b, c] = [0, 1, 2].map((i) => factors[(i + order) % 3]);
  // A number by a number would be a constant; here one of the first two is a tensor always.
  return builder.add('Mul', [add('Mul', [a, b]), c], from.shape);
};

const merge: Grow = (builder, from, beside, choose) => {
  const op = ['AddV2', 'Sub', 'Mul', 'Maximum', 'Minimum'][choose(0, 1, 2, 3, 4)];
  const channels = from.shape[from.shape.length - 1];
  const fits =
    isSame(from, beside) ||
    (isImage(from) && `${beside.shape}` === `1,1,1,${channels}`) ||
    `${beside.shape}` === `1,${channels}`;
  if (!fits) return null;
  return builder.add(op, choose(0, 1) ? [from.name, beside.name] : [beside.name, from.name], from.shape);
};

const concat: Grow = (builder, from, beside) => {
  const {length} = from.shape;
  const differs = from.shape.flatMap((side, axis) => (side !== beside.shape[axis] ? [axis] : []));
  if (length !== beside.shape.length || differs.length > 1 || differs[0] === 0) return null;
  const axis = differs[0] ?? length - 1;
  const shape = from.shape.map((side, i) => (i === axis ? side + beside.shape[i] : side));
  return builder.add('ConcatV2', [from.name, beside.name, builder.graph.integers([axis], [])], shape, {N: 2});
};

const pad: Grow = (builder, from, _, choose) => {
  if (!isImage(from)) return null;
  const [, height, width, channels] = from.shape;
  if (Math.min(height, width) < 3) return null;
  const [top, right] = [choose(0, 1, 2), choose(0, 1)];
  const pairs = builder.graph.integers([0, 0, top, 1, 0, right, 0, 0], [4, 2]);
  const shape = [1, height + top + 1, width + right, channels];
  const how = choose(0, 1, 2, 3);
  if (how === 0) return builder.add('Pad', [from.name, pairs], shape);
  if (how === 1) return builder.add('PadV2', [from.name, pairs, builder.graph.floats([], [0.5])], shape);
  return builder.add('MirrorPad', [from.name, pairs], shape, {mode: how === 2 ? 'REFLECT' : 'SYMMETRIC'});
};

const resize: Grow = (builder, from, _, choose) => {
  if (!isImage(from) || from.shape[1] > 12) return null;
  const size = [from.shape[1] * choose(1, 2), Math.max(1, from.shape[2] + choose(-1, 0, 3))];
  const how = choose(0, 1, 2);
  const flags = {align_corners: how === 1, half_pixel_centers: how === 2};
  const op = choose(0, 1) ? 'ResizeBilinear' : 'ResizeNearestNeighbor';
  return builder.add(op, [from.name, builder.graph.integers(size)], [1, ...size, from.shape[3]], flags);
};

const depth: Grow = (builder, from) => {
  if (!isImage(from) || from.shape[3] % 4 !== 0 || from.shape[1] > 10) return null;
  const [, height, width, channels] = from.shape;
  const shape = [1, 2 * height, 2 * width, channels / 4];
  return builder.add('DepthToSpace', [from.name], shape, {block_size: 2, data_format: 'NHWC'});
};

const slice: Grow = (builder, from, _, choose) => {
  const axis = choose(...from.shape.keys());
  const side = from.shape[axis];
  if (axis === 0 || side < 2) return null;
  const begin = from.shape.map((_side, i) => (i === axis ? 1 : 0));
  if (choose(0, 1)) {
    const shape = from.shape.map((other, i) => (i === axis ? other - 1 : other));
    const sizes = builder.graph.integers(shape);
    return builder.add('Slice', [from.name, builder.graph.integers(begin), sizes], shape);
  }
  const step = from.shape.map((_side, i) => (i === axis ? 2 : 1));
  const shape = from.shape.map((other, i) => (i === axis ? Math.ceil((other - 1) / 2) : other));
  const lists = [begin, from.shape, step].map((list) => builder.graph.integers(list));
  return builder.add('StridedSlice', [from.name, ...lists], shape);
};

const split: Grow = (builder, from, _, choose) => {
  const axis = from.shape.length - 1;
  if (from.shape[axis] % 2 !== 0) return null;
  const shape = from.shape.map((side, i) => (i === axis ? side / 2 : side));
  const made = builder.add('Split', [builder.graph.integers([axis], []), from.name], shape, {num_split: 2});
  const second = {name: `${made.name}:1`, shape};
  builder.made.push(choose(0, 1) ? made : second);
  return choose(0, 1) ? second : made;
};

const transpose: Grow = (builder, from, _, choose) => {
  const orders: Record<number, number[][]> = {
    2: [[0, 1]],
    3: [[0, 2, 1]],
    4: [
      [0, 3, 1, 2],
      [0, 2, 3, 1],
      [0, 2, 1, 3],
    ],
  };
  const order = orders[from.shape.length]?.[choose(0, 1, 2) % orders[from.shape.length].length];
  if (!order) return null;
  return builder.add(
    'Transpose',
    [from.name, builder.graph.integers(order)],
    order.map((axis) => from.shape[axis]),
  );
};

const reshape: Grow = (builder, from, _, choose) => {
  const [batch, ...rest] = from.shape;
  const size = sizeOf(rest);
  const last = rest[rest.length - 1];
  const shapes = [
    [1, size],
    [1, size / last, last],
    [1, rest[0], size / rest[0]],
    [1, size, 1],
  ];
  const shape = batch === 1 ? shapes[choose(0, 1, 2, 3)] : [1, sizeOf(from.shape)];
  return builder.add('Reshape', [from.name, builder.graph.integers(shape)], shape);
};

/** Back to an image, so that convolutions find one. */
const fold: Grow = (builder, from) => {
  const size = sizeOf(from.shape);
  if (from.shape.length === 4 || size % 4 !== 0) return null;
  const shape = [1, 2, size / 4, 2];
  return builder.add('Reshape', [from.name, builder.graph.integers(shape)], shape);
};

const product: Grow = (builder, from, _, choose) => {
  if (from.shape.length !== 2 || from.shape[0] !== 1) return null;
  const units = choose(2, 3, 6);
  const kernel = builder.graph.floats([from.shape[1], units]);
  return builder.add('MatMul', [from.name, kernel], [1, units], {transpose_a: false, transpose_b: false});
};

const squeezed: Grow = (builder, from, _, choose) => {
  const graph = builder.graph;
  const flat = graph.node('Squeeze', [from.name], {squeeze_dims: [0]});
  const inner = choose(0, 1) ? graph.node('Sigmoid', [flat]) : flat;
  return builder.add('ExpandDims', [inner, graph.integers([0], [])], from.shape);
};

const norm: Grow = (builder, from) => {
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

/** Values of which no two are the same. */
const distinct = ({graph}: Builder, {name, shape}: Made): string =>
  graph.node('AddV2', [name, graph.floats(shape)]);

/** Where a tensor is as large as everything around it: how the peaks of a heat map are found. */
const peaks: Grow = (builder, from) => {
  if (!isImage(from)) return null;
  const x = distinct(builder, from);
  const pooled = builder.graph.node('MaxPool', [x], {...windowed(), ksize: [1, 3, 3, 1]});
  const equal = builder.graph.node('Equal', [x, pooled]);
  const mask = builder.graph.node('Cast', [equal], {SrcT: {type: 'DT_BOOL'}, DstT: FLOAT});
  return builder.add('Mul', [x, mask], from.shape);
};

/** Drawn anew in each frame, and then multiplied by 0: whatever reads it must run, and gives the same. */
const noise: Grow = (builder, from) => {
  const {graph} = builder;
  const drawn = graph.node('RandomUniform', [graph.integers(from.shape)], {dtype: FLOAT, seed: 0, seed2: 0});
  return builder.add('AddV2', [from.name, graph.node('Mul', [drawn, graph.floats([], [0])])], from.shape);
};

/** Kinds of steps; a step that does not fit what it reads gives null, and is left out. */
const STEPS = {
  conv,
  depthwise,
  backwards,
  pool,
  reduce,
  activation,
  unknown,
  constant,
  spelled,
  merge,
  concat,
  pad,
  resize,
  depth,
  slice,
  split,
  transpose,
  reshape,
  fold,
  product,
  squeezed,
  norm,
  peaks,
  noise,
} satisfies Record<string, Grow>;

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
const where: Grow = (builder, from) => {
  const above = builder.graph.node('Greater', [from.name, builder.graph.floats([], [0.1])]);
  return builder.add('Where', [above], [0, from.shape.length]);
};

/** Ways for a graph to end in what no plan has. */
const TAILS: readonly Grow[] = [cumsum, reverse, whole, sum, best, top];

/** A graph, and the names of what it computes on the way. */
export interface Built {
  readonly graph: TfGraph;
  readonly between: readonly string[];
}

/** @param isAsync whether one of the ends is to be awaited */
export function build(
  {input, integers, channelsFirst, steps, tails, seed}: GraphSpec,
  isAsync = false,
): Built {
  const builder = new Builder();
  const {graph, made} = builder;
  const [height, width, channels] = input;
  const shape = channelsFirst ? [1, channels, height, width] : [1, height, width, channels];
  const x = graph.input('x', shape, integers ? INT32 : FLOAT);
  made.push({name: integers ? graph.node('Cast', [x], {SrcT: INT32, DstT: FLOAT}) : x, shape});
  if (integers) made[0] = {name: graph.node('Mul', [made[0].name, graph.floats([], [0.05])]), shape};
  if (channelsFirst) {
    const last = graph.node('Transpose', [made[0].name, graph.integers([0, 2, 3, 1])]);
    made[0] = {name: last, shape: [1, height, width, channels]};
  }
  const grow = (step: Step, grows: Grow, at: number): Made | null => {
    const choices = numbers(12, seed + 31 * at);
    let next = 0;
    const choose = (...options: number[]) => {
      const choice = step.choices[next % step.choices.length] + Math.floor(50 * (choices[next++ % 12] + 1));
      return options[choice % options.length];
    };
    // Mostly what was made last, so that graphs are deep.
    const from = made[Math.max(0, made.length - 1 - step.from)];
    const beside = made[step.beside % made.length];
    return grows(builder, from, beside, choose);
  };
  steps.forEach((step, at) => {
    const next = grow(step, STEPS[step.kind], at);
    if (next !== null && sizeOf(next.shape) <= 4000) made.push(next);
  });
  tails.forEach((step, at) => void grow(step, TAILS[step.choices[0] % TAILS.length], 100 + at));
  if (isAsync) where(builder, made[made.length - 1], made[0], () => 0);
  return {graph, between: made.slice(1).map(({name}) => name)};
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...(Object.keys(STEPS) as Step['kind'][])),
  from: fc.constantFrom(0, 0, 0, 0, 1, 2, 3),
  beside: fc.nat(20),
  choices: fc.array(fc.nat(60), {minLength: 3, maxLength: 6}),
});

export const graphSpec: fc.Arbitrary<GraphSpec> = fc.record({
  input: fc.tuple(fc.integer({min: 5, max: 9}), fc.integer({min: 5, max: 9}), fc.constantFrom(1, 2, 3, 4)),
  integers: fc.boolean(),
  channelsFirst: fc.boolean(),
  steps: fc.array(step, {minLength: 4, maxLength: 22}),
  tails: fc.array(step, {maxLength: 2}),
  seed: fc.nat(1 << 20),
});
