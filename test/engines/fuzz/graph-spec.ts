/**
 * Random graphs of every op the engines have, drawn as plain data, so that a failing case prints as one can read it: ops and
 * windows that importers seldom make. random-graph.ts builds them.
 */
import * as fc from 'fast-check';
import type {Activation, ActivationName, MergeFunction, PoolMode} from '../../../src/graph';
import type {ExternalName} from './externals';
import {graphModelNode, type GraphModelSpec} from './graph-model-ops';

type Pair = [number, number];

export interface WindowSpec {
  kernel: Pair;
  strides: Pair;
  dilations: Pair;
  padding: 'same' | 'valid' | [Pair, Pair];
}

export interface ConvolutionSpec {
  window: WindowSpec;
  activation: Activation;
  norm: boolean;
  scale?: boolean;
  shift?: boolean;
}

/** A second input of a merge or a concat: where it comes from. */
export type Other = 'itself' | 'earlier' | 'convolved' | 'graphInput';
type Shared = 'pixel' | 'channel' | 'number';

export type NodeSpec =
  | GraphModelSpec
  | ({kind: 'conv'; filters: number} & ConvolutionSpec)
  | ({kind: 'depthwise'; multiplier: number} & ConvolutionSpec)
  | {kind: 'pool'; mode: PoolMode; window: WindowSpec}
  | {kind: 'globalPool'; mode: PoolMode}
  | {kind: 'dense'; units: number; activation: Activation; keepsPlane: boolean}
  | {kind: 'activation'; activation: Activation}
  | {kind: 'batchNorm'; everyPixel: boolean; gamma: boolean; beta: boolean}
  | {kind: 'layerNormalization'; epsilon: number; gamma: boolean; beta: boolean}
  | {kind: 'prelu'; shared: 'none' | 'pixels' | 'rows' | 'channels'; repeats: boolean}
  | {kind: 'merge'; fn: MergeFunction; others: (Other | Shared)[]; last: boolean; activation: Activation}
  | {kind: 'concat'; axis: 'height' | 'width' | 'channels'; others: Other[]; crop: number}
  | {kind: 'pad'; amounts: [number, number, number, number]}
  | {kind: 'upsample'; factor: Pair; interpolation: 'nearest' | 'bilinear'}
  | {kind: 'reshape'; to: 'rows' | 'channels' | 'turned' | 'scalars'}
  | {kind: 'external'; fn: ExternalName; pure: boolean};

export interface GraphSpec {
  /** A row of pixels where the height is 0: an op over it is a 1-D one. */
  height: number;
  width: number;
  channels: number;
  nodes: NodeSpec[];
  seed: number;
  /** The most products that a node may cost. */
  mostProducts?: number;
}

const pair = (max: number): fc.Arbitrary<Pair> =>
  fc.tuple(fc.integer({min: 1, max}), fc.integer({min: 1, max}));
/** Mostly few. */
const channels = fc.oneof(
  {weight: 3, arbitrary: fc.integer({min: 1, max: 5})},
  {weight: 2, arbitrary: fc.integer({min: 6, max: 20})},
);

const NAMES: ActivationName[] = [
  ...['linear', 'relu', 'relu6', 'elu', 'selu', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign', 'tanh'],
  ...['gelu', 'gelu_new', 'mish', 'swish', 'leakyRelu', 'thresholdedRelu', 'clippedRelu', 'hardSwish'],
] as ActivationName[];
const PARAMETERS: Partial<Record<ActivationName, number>> = {
  leakyRelu: 0.3,
  thresholdedRelu: 0.25,
  clippedRelu: 1.5,
  hardSwish: 1 / 6,
};
const named = (name: ActivationName): Activation =>
  name in PARAMETERS ? {name, parameter: PARAMETERS[name]} : {name};

const fusedActivation = fc
  .oneof(
    {weight: 2, arbitrary: fc.constantFrom<ActivationName>('linear', 'relu')},
    {weight: 1, arbitrary: fc.constantFrom(...NAMES)},
  )
  .map(named);
const anyActivation = fc
  .constantFrom(...NAMES, 'softmax' as const, 'softmax' as const, 'logSoftmax' as const)
  .map(named);

const side = fc.tuple(fc.nat(3), fc.nat(3));
const window: fc.Arbitrary<WindowSpec> = fc.record({
  kernel: fc.oneof({weight: 2, arbitrary: pair(3)}, {weight: 1, arbitrary: pair(7)}),
  strides: fc.oneof({weight: 1, arbitrary: fc.constant<Pair>([1, 1])}, {weight: 1, arbitrary: pair(3)}),
  dilations: fc.oneof({weight: 2, arbitrary: fc.constant<Pair>([1, 1])}, {weight: 1, arbitrary: pair(3)}),
  padding: fc.oneof(fc.constantFrom<'same' | 'valid'>('same', 'valid'), fc.tuple(side, side)),
});

const mode = fc.constantFrom<PoolMode>('max', 'average');
const other = fc.constantFrom<Other>('itself', 'earlier', 'convolved', 'graphInput');

const seldom = fc.nat(3).map((n) => n === 0);
const convolution = {
  window,
  activation: fusedActivation,
  norm: fc.boolean(),
  scale: seldom,
  shift: seldom,
};
const conv = fc.record({kind: fc.constant('conv' as const), filters: channels, ...convolution});
const depthwise = fc.record({
  kind: fc.constant('depthwise' as const),
  multiplier: fc.constantFrom(1, 1, 2, 3, 4),
  ...convolution,
});
const pool = fc.record({kind: fc.constant('pool' as const), mode, window});
const reduction = fc.oneof(
  fc.record({kind: fc.constant('globalPool' as const), mode}),
  fc.record({
    kind: fc.constant('dense' as const),
    units: fc.integer({min: 1, max: 9}),
    activation: fc.oneof({weight: 3, arbitrary: fusedActivation}, {weight: 1, arbitrary: anyActivation}),
    keepsPlane: fc.boolean(),
  }),
);
const pointwise = fc.oneof(
  fc.record({kind: fc.constant('activation' as const), activation: anyActivation}),
  fc.record({
    kind: fc.constant('batchNorm' as const),
    everyPixel: fc.boolean(),
    gamma: fc.boolean(),
    beta: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('layerNormalization' as const),
    epsilon: fc.constantFrom(1e-3, 1e-5, 0.5),
    gamma: fc.boolean(),
    beta: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('prelu' as const),
    shared: fc.constantFrom<'none' | 'pixels' | 'rows' | 'channels'>('none', 'pixels', 'rows', 'channels'),
    repeats: fc.boolean(),
  }),
);
const merge = fc.record({
  kind: fc.constant('merge' as const),
  fn: fc.constantFrom<MergeFunction>(
    'add',
    'subtract',
    'multiply',
    'divide',
    'average',
    'maximum',
    'minimum',
  ),
  others: fc.array(fc.oneof(other, fc.constantFrom<Shared>('pixel', 'channel', 'number')), {
    minLength: 1,
    maxLength: 2,
  }),
  last: fc.boolean(),
  activation: fusedActivation,
});
const concat = fc.record({
  kind: fc.constant('concat' as const),
  axis: fc.constantFrom<'height' | 'width' | 'channels'>('height', 'width', 'channels'),
  others: fc.array(other, {minLength: 1, maxLength: 2}),
  crop: fc.integer({min: -1, max: 2}),
});
const amount = fc.integer({min: -2, max: 3});
const move = fc.oneof(
  fc.record({kind: fc.constant('pad' as const), amounts: fc.tuple(amount, amount, amount, amount)}),
  fc.record({
    kind: fc.constant('upsample' as const),
    factor: pair(3),
    interpolation: fc.constantFrom<'nearest' | 'bilinear'>('nearest', 'bilinear'),
  }),
  fc.record({
    kind: fc.constant('reshape' as const),
    to: fc.constantFrom<'rows' | 'channels' | 'turned' | 'scalars'>('rows', 'channels', 'turned', 'scalars'),
  }),
);
const external = fc.record({
  kind: fc.constant('external' as const),
  fn: fc.constantFrom<ExternalName>('reversed', 'split'),
  pure: fc.boolean(),
});

const node: fc.Arbitrary<NodeSpec> = fc.oneof(
  {weight: 8, arbitrary: conv},
  {weight: 4, arbitrary: depthwise},
  {weight: 4, arbitrary: pool},
  {weight: 3, arbitrary: reduction},
  {weight: 4, arbitrary: pointwise},
  {weight: 3, arbitrary: merge},
  {weight: 3, arbitrary: concat},
  {weight: 4, arbitrary: move},
  {weight: 5, arbitrary: graphModelNode(fusedActivation)},
  {weight: 1, arbitrary: external},
);

/** Small planes, and now and then a low one that is wider than one or two words of a mask. */
const size = fc.oneof(
  {weight: 9, arbitrary: fc.tuple(fc.integer({min: 1, max: 9}), fc.integer({min: 1, max: 9}))},
  {weight: 1, arbitrary: fc.tuple(fc.integer({min: 0, max: 2}), fc.constantFrom(31, 32, 33, 63, 64, 65))},
  {weight: 1, arbitrary: fc.tuple(fc.constant(0), fc.integer({min: 1, max: 20}))},
);

export const graphSpec: fc.Arbitrary<GraphSpec> = fc
  .record({
    size,
    channels,
    nodes: fc.array(node, {minLength: 1, maxLength: 4}),
    seed: fc.integer({min: 1, max: 1 << 20}),
  })
  .map(({size: [height, width], ...rest}) => ({height, width, ...rest}));

const wideConv = fc.record({
  kind: fc.constant('conv' as const),
  filters: fc.integer({min: 16, max: 24}),
  ...convolution,
  activation: fc.constantFrom<ActivationName>('linear', 'relu', 'relu', 'leakyRelu', 'relu6').map(named),
  window: fc.record({
    kernel: fc.constant<Pair>([3, 3]),
    strides: fc.constant<Pair>([1, 1]),
    dilations: fc.constant<Pair>([1, 1]),
    padding: fc.oneof(fc.constantFrom<'same' | 'valid'>('same', 'valid'), fc.tuple(side, side)),
  }),
});

/** Graphs of convolutions with channels enough for tiles, and what may stand around them. */
export const wideGraphSpec: fc.Arbitrary<GraphSpec> = fc
  .record({
    size: fc.tuple(fc.integer({min: 2, max: 7}), fc.integer({min: 2, max: 7})),
    channels: fc.integer({min: 16, max: 20}),
    nodes: fc.array(
      fc.oneof(
        {weight: 8, arbitrary: wideConv},
        {weight: 1, arbitrary: depthwise},
        {weight: 1, arbitrary: pool},
        {weight: 1, arbitrary: reduction},
        {weight: 2, arbitrary: pointwise},
        {weight: 2, arbitrary: merge.map((spec): NodeSpec => ({...spec, fn: 'add'}))},
        {weight: 1, arbitrary: concat},
        {weight: 1, arbitrary: move},
      ),
      {minLength: 1, maxLength: 4},
    ),
    seed: fc.integer({min: 1, max: 1 << 20}),
  })
  .map(({size: [height, width], ...rest}) => ({height, width, ...rest, mostProducts: 150_000}));
