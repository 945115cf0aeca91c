/** The sweep's table: activations, norms and arithmetic of graph models. */
import {numbers} from '../importers/helpers';
import {FORMS, layerNormalized} from '../importers/graph/layer-normalized';
import {FLOAT, INT32, type TfGraph} from '../importers/graph/tf-graph';
import {ALL_BUT_CPU, entry, graph, vectorBrokenOn, type Entry} from './table';
import {PLANES} from './graph-windows';

const SHAPES = [
  [1, 5, 7, 3],
  [1, 1, 1, 1],
  [1, 2, 2, 8],
  [1, 9],
  [1, 6, 4],
  [1, 3, 2, 2, 4],
  [1, 1, 64, 5],
  [1, 1],
  [1, 64],
] as const;

const ACTIVATIONS = [
  'Relu',
  'Relu6',
  'Elu',
  'Selu',
  'Sigmoid',
  'Tanh',
  'Softplus',
  'Softmax',
  'LogSoftmax',
  'LeakyRelu',
  'Abs',
  'Exp',
  'Sqrt',
  'Square',
  'Neg',
  'Round',
  'Floor',
  'Ceil',
  'Sign',
  'Identity',
  'StopGradient',
  'Snapshot',
  'Erf',
] as const;

/** Magnitudes from which functions overflow, saturate, or lose their digits. */
const SCALES = [1, 0.001, 30, 1000] as const;

const scaled = (g: TfGraph, x: string, scale: number): string =>
  scale === 1 ? x : g.node('Mul', [x, g.floats([], [scale])]);

const activations = entry(
  'activation',
  {op: ACTIVATIONS, shape: SHAPES, scale: SCALES, after: [false, true]},
  ({op, shape, scale, after}) =>
    graph([shape], (g, [x]) => {
      const y = g.node(op, [scaled(g, x, scale)]);
      if (after) g.node('Tanh', [y]);
    }),
);

const leaky = entry(
  'LeakyRelu',
  {alpha: [null, 0, 0.3, 1, -0.5, 2], shape: SHAPES, scale: SCALES},
  ({alpha, shape, scale}) =>
    graph([shape], (g, [x]) => {
      g.node('LeakyRelu', [scaled(g, x, scale)], alpha === null ? {} : {alpha: {float: alpha}});
    }),
);

const clips = entry(
  'ClipByValue',
  {low: [0, -1, 1], high: [6, 1, 0, 100, -2], shape: SHAPES, scale: [1, 30]},
  ({low, high, shape, scale}) =>
    graph([shape], (g, [x]) => {
      g.node('ClipByValue', [scaled(g, x, scale), g.floats([], [low]), g.floats([], [high])]);
    }),
);

/** The shape of a constant or another input, by what it is spread over. */
function spreadShape(spread: string, shape: readonly number[]): readonly number[] | null {
  const last = shape[shape.length - 1];
  const rank = shape.length;
  switch (spread) {
    case 'number':
      return [];
    case 'one':
      return [1];
    case 'ones':
      return shape.map(() => 1);
    case 'more ones':
      return [1, ...shape.map(() => 1)];
    case 'channels':
      return [last];
    case 'channels of full rank':
      return [...shape.slice(1).map(() => 1), last];
    case 'pixels':
      return rank > 2 ? [...shape.slice(1, -1), 1] : null;
    case 'rows':
      return rank === 4 ? [shape[1], 1, 1] : null;
    case 'columns':
      return rank === 4 ? [shape[2], 1] : null;
    case 'columns and channels':
      return rank === 4 ? [1, shape[2], last] : null;
    case 'rows and channels':
      return rank === 4 ? [shape[1], 1, last] : null;
    case 'values':
      return shape.slice(1);
    case 'whole':
      return shape;
    case 'other':
      return [last + 1];
    case 'batch':
      return [2, ...shape.slice(1)];
    default:
      return null;
  }
}

const SPREADS = [
  'number',
  'one',
  'ones',
  'channels',
  'channels of full rank',
  'pixels',
  'rows',
  'columns',
  'columns and channels',
  'rows and channels',
  'values',
  'whole',
  'other',
  'batch',
  'more ones',
] as const;

const prelus = entry(
  'Prelu',
  {alpha: SPREADS, shape: SHAPES, order: [null, [0, 3, 1, 2]], back: [true, false]},
  ({alpha, shape, order, back}) => {
    if (order && shape.length !== 4) return null;
    const turned = order ? order.map((axis) => shape[axis] as number) : shape;
    const slopes = spreadShape(alpha, turned);
    if (slopes === null) return null;
    return graph(
      [shape],
      (g, [x]) => {
        const seen = order ? g.node('Transpose', [x, g.integers(order)]) : x;
        const y = g.node('Prelu', [seen, g.floats(slopes)]);
        if (order && back) g.node('Transpose', [y, g.integers([0, 2, 3, 1])]);
      },
      {brokenOn: alpha === 'other' || alpha === 'batch' ? ALL_BUT_CPU : vectorBrokenOn(slopes, turned)},
    );
  },
);

const BINARY = [
  'AddV2',
  'Add',
  'Sub',
  'Mul',
  'RealDiv',
  'Div',
  'Maximum',
  'Minimum',
  'Equal',
  'SquaredDifference',
  'Pow',
  'FloorDiv',
  'Greater',
] as const;

const withConstant = entry(
  'arithmetic with a constant',
  {op: BINARY, constant: SPREADS, shape: SHAPES.slice(0, 6), isFirst: [false, true], value: ['any', 'zero']},
  ({op, constant, shape, isFirst, value}) => {
    const sides = spreadShape(constant, shape);
    if (sides === null) return null;
    const make = (g: TfGraph, [x]: readonly string[]) => {
      const size = sides.reduce((product, side) => product * side, 1);
      const values = numbers(size, 21).map((given) => (value === 'any' ? given : 0));
      const other = g.floats(sides, values);
      const y = g.node(op, isFirst ? [other, x] : [x, other]);
      if (op === 'Equal' || op === 'Greater') g.node('Cast', [y], {SrcT: {type: 'DT_BOOL'}, DstT: FLOAT});
    };
    return graph([shape], make, {brokenOn: vectorBrokenOn(sides, shape)});
  },
);

const withView = entry(
  'arithmetic with another input',
  {
    op: BINARY,
    other: SPREADS,
    shape: SHAPES.slice(0, 6),
    isFirst: [false, true],
    order: [null, [0, 3, 1, 2]],
  },
  ({op, other, shape, isFirst, order}) => {
    const sides = spreadShape(other, shape);
    if (sides === null || (order && shape.length !== 4)) return null;
    const own = sides.length < shape.length && sides.length > 0 && sides[0] !== 1 ? [1, ...sides] : sides;
    if (own.length === 0) return null;
    return graph([shape, own], (g, [x, y]) => {
      const turned = (name: string) =>
        order && own.length === 4 ? g.node('Transpose', [name, g.integers(order)]) : name;
      const [a, b] = [turned(x), turned(y)];
      const z = g.node(op, isFirst ? [b, a] : [a, b]);
      if (op === 'Equal' || op === 'Greater') g.node('Cast', [z], {SrcT: {type: 'DT_BOOL'}, DstT: FLOAT});
    });
  },
);

/** One tensor beside another one of itself, as squeeze-and-excite blocks and residual blocks have them. */
const withItself = entry(
  'arithmetic with a part of itself',
  {
    op: ['AddV2', 'Mul', 'Sub', 'RealDiv', 'Maximum', 'Minimum', 'Equal', 'AddN'],
    part: ['mean', 'max of channels', 'relu', 'itself', 'flat', 'first channel'],
    plane: PLANES,
    channels: [3, 1],
    isFirst: [false, true],
  },
  ({op, part, plane, channels, isFirst}) =>
    graph([[1, ...plane, channels]], (g, [x]) => {
      const parts: Readonly<Record<string, () => string>> = {
        mean: () => g.node('Mean', [x, g.integers([1, 2])], {keep_dims: true}),
        'max of channels': () => g.node('Max', [x, g.integers([3])], {keep_dims: true}),
        relu: () => g.node('Relu', [x]),
        itself: () => x,
        flat: () => g.node('Mean', [x, g.integers([1, 2])], {keep_dims: false}),
        'first channel': () => g.node('Slice', [x, g.integers([0, 0, 0, 0]), g.integers([1, -1, -1, 1])]),
      };
      const given = parts[part]();
      // What is divided by next to nothing is anybody's guess.
      const own = op === 'RealDiv' ? g.node('AddV2', [given, g.floats([], [30])]) : given;
      const y = g.node(op, isFirst && op !== 'RealDiv' ? [own, x] : [x, own], op === 'AddN' ? {N: 2} : {});
      if (op === 'Equal') g.node('Cast', [y], {SrcT: {type: 'DT_BOOL'}, DstT: FLOAT});
    }),
);

const many = entry(
  'sums of several',
  {op: ['AddN', 'AddV2', 'Mul', 'Maximum', 'BiasAdd'], count: [1, 3, 5], shape: SHAPES},
  ({op, count, shape}) =>
    graph([shape], (g, [x]) => {
      const names = Array.from({length: count}, (_, i) =>
        i % 2 ? g.node('Tanh', [x]) : g.node('Relu', [x]),
      );
      g.node(op, names, {N: count});
    }),
);

const norms = entry(
  'batch norm',
  {
    op: ['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'],
    epsilon: [null, 0.01, 0],
    training: [false, true],
    format: ['NHWC', 'NCHW'],
    plane: PLANES.slice(0, 5),
    channels: [3, 1],
    spread: [0.5, 1e-8],
  },
  ({op, epsilon, training, format, plane, channels, spread}) =>
    graph([[1, ...plane, channels]], (g, [x]) => {
      const variance = g.floats(
        [channels],
        numbers(channels, 5).map((value) => spread + value * value),
      );
      const given = [x, g.floats([channels]), g.floats([channels]), g.floats([channels]), variance];
      g.node(op, given, {
        is_training: training,
        data_format: format,
        ...(epsilon !== null && {epsilon: {float: epsilon}}),
      });
    }),
);

const layerNorms = entry(
  'layer normalization',
  {
    form: FORMS,
    gamma: [null, 'number', 'channels', 'channels of full rank', 'rows and channels', 'values'],
    beta: [null, 'one', 'channels', 'ones', 'columns'],
    epsilon: [0.001, 0.3],
    shape: SHAPES,
    scale: [1, 0.001],
    order: [null, [0, 3, 1, 2]],
  },
  ({form, gamma, beta, epsilon, shape, scale, order}) => {
    if (order && (shape.length !== 4 || gamma === 'channels' || beta === 'channels')) return null;
    const [ofGamma, ofBeta] = [gamma, beta].map((spread) => spread && spreadShape(spread, shape));
    if ((gamma && !ofGamma) || (beta && !ofBeta)) return null;
    const turned = (sides: readonly number[] | null | '') =>
      order && sides && sides.length > 1
        ? order.map((axis) => [...shape.map(() => 1), ...sides].slice(-4)[axis])
        : sides || null;
    return graph(
      [shape],
      (g, [input]) => {
        const x = scaled(g, input, scale);
        const seen = order ? g.node('Transpose', [x, g.integers(order)]) : x;
        const axis = order ? 1 : shape.length - 1;
        layerNormalized(g, seen, {form, axis, epsilon, gamma: turned(ofGamma), beta: turned(ofBeta)});
      },
      // The model takes the mean's product from x's: of values far from 0 little is left. And tfjs's webgpu spreads no constant
      // over the channels of 5 axes.
      {rounding: 4e-6, brokenOn: shape.length > 4 ? ['webgpu'] : []},
    );
  },
);

const biases = entry(
  'BiasAdd',
  {shape: SHAPES, format: [null, 'NHWC', 'NCHW'], more: [0, 1]},
  ({shape, format, more}) => {
    const sides = [shape[shape.length - 1] + more];
    const make = (g: TfGraph, [x]: readonly string[]) => {
      g.node('BiasAdd', [x, g.floats(sides)], format === null ? {} : {data_format: format});
    };
    return graph([shape], make, {brokenOn: vectorBrokenOn(sides, shape)});
  },
);

/** Activations that a graph spells out. */
const spelled = entry(
  'spelled out',
  {
    as: [
      'x·relu6(x + 3)/6',
      'x·(relu6(x + 3)/6)',
      '(x/6)·relu6(x + 3)',
      'x·sigmoid(x)',
      'sigmoid(x)·x',
      'max(x, x/5)',
      'max(x/5, x)',
      'max(x, 2x)',
      'max(x, −x/5)',
      'max(0, x)',
      'max(x, 0)',
      'x·relu6(x + 2)/6',
    ],
    shape: SHAPES,
    scale: SCALES,
  },
  ({as, shape, scale}) =>
    graph([shape], (g, [input]) => {
      const x = scaled(g, input, scale);
      const number = (value: number) => g.floats([], [value]);
      const times = (a: string, b: string) => g.node('Mul', [a, b]);
      const gate = (by: number) => g.node('Relu6', [g.node('AddV2', [x, number(by)])]);
      const made: Readonly<Record<string, () => string>> = {
        'x·relu6(x + 3)/6': () => times(times(x, gate(3)), number(1 / 6)),
        'x·relu6(x + 2)/6': () => times(times(x, gate(2)), number(1 / 6)),
        'x·(relu6(x + 3)/6)': () => times(x, times(gate(3), number(1 / 6))),
        '(x/6)·relu6(x + 3)': () => times(times(number(1 / 6), x), gate(3)),
        'x·sigmoid(x)': () => times(x, g.node('Sigmoid', [x])),
        'sigmoid(x)·x': () => times(g.node('Sigmoid', [x]), x),
        'max(x, x/5)': () => g.node('Maximum', [x, times(x, number(0.2))]),
        'max(x/5, x)': () => g.node('Maximum', [times(number(0.2), x), x]),
        'max(x, 2x)': () => g.node('Maximum', [x, times(x, number(2))]),
        'max(x, −x/5)': () => g.node('Maximum', [x, times(x, number(-0.2))]),
        'max(0, x)': () => g.node('Maximum', [number(0), x]),
        'max(x, 0)': () => g.node('Maximum', [x, number(0)]),
      };
      made[as]();
    }),
);

const casts = entry(
  'Cast',
  {from: ['float', 'int'], to: ['DT_FLOAT', 'DT_INT32', 'DT_BOOL'], then: ['Relu', 'none'], shape: SHAPES},
  ({from, to, then, shape}) =>
    graph([shape], (g, [x]) => {
      const seen = from === 'int' ? g.node('Cast', [x], {SrcT: FLOAT, DstT: INT32}) : g.node('Relu6', [x]);
      const y = g.node('Cast', [seen], {SrcT: from === 'int' ? INT32 : FLOAT, DstT: {type: to}});
      if (then === 'Relu') g.node('Relu', [g.node('Cast', [y], {SrcT: {type: to}, DstT: FLOAT})]);
    }),
);

const tops = entry(
  'TopKV2',
  {k: [1, 2, 5, 0, 99], sorted: [true, false], shape: SHAPES, flat: [true, false]},
  ({k, sorted, shape, flat}) =>
    graph(
      [shape],
      (g, [x]) => {
        const seen = g.node('Sigmoid', [x]);
        const row = flat ? g.node('Reshape', [seen, g.integers([1, -1])]) : seen;
        const top = g.node('TopKV2', [row, g.integers([k], [])], {sorted});
        g.node('Identity', [top]);
        g.node('Identity', [`${top}:1`]);
      },
      // Of one value it gives that one's own memory, which is gone with it.
      {brokenOn: k === 1 && shape[shape.length - 1] === 1 ? ['webgpu'] : []},
    ),
);

export const GRAPH_ARITHMETIC: readonly Entry[] = [
  activations,
  leaky,
  clips,
  prelus,
  withConstant,
  withView,
  withItself,
  many,
  norms,
  layerNorms,
  biases,
  spelled,
  casts,
  tops,
];
