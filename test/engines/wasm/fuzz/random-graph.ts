/**
 * Random graphs of every op the engine has, built straight on the graph, with ops and windows that importers seldom make.
 * A graph is drawn as plain data, so that a failing case prints as one can read it; what does not fit the shapes at hand
 * is bent until it does.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {
  GraphBuilder,
  isElementwise,
  LINEAR,
  planeOf,
  reshapeTo,
  windowOver,
  type Activation,
  type ActivationName,
  type ExternalOp,
  type Graph,
  type MergeFunction,
  type Op,
  type Plane,
  type PoolMode,
  type Shape,
  type ValueId,
  type WindowConfig,
} from '../../../../src/graph';
import {random} from '../../../properties/networks';
import {graphModelNode, graphModelOp, type GraphModelSpec} from './graph-model-ops';

type Pair = [number, number];

interface WindowSpec {
  kernel: Pair;
  strides: Pair;
  dilations: Pair;
  padding: 'same' | 'valid' | [Pair, Pair];
}

interface ConvolutionSpec {
  window: WindowSpec;
  activation: Activation;
  norm: boolean;
  scale?: boolean;
  shift?: boolean;
}

/** A second input of a merge or a concat: where it comes from. */
type Other = 'itself' | 'earlier' | 'convolved' | 'graphInput';
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
  | {kind: 'prelu'; shared: 'none' | 'pixels' | 'rows' | 'channels'}
  | {kind: 'merge'; fn: MergeFunction; others: (Other | Shared)[]; last: boolean; activation: Activation}
  | {kind: 'concat'; axis: 'height' | 'width' | 'channels'; others: Other[]; crop: number}
  | {kind: 'pad'; amounts: [number, number, number, number]}
  | {kind: 'upsample'; factor: Pair; interpolation: 'nearest' | 'bilinear'}
  | {kind: 'reshape'; to: 'rows' | 'channels' | 'turned' | 'scalars'}
  | {kind: 'external'; fn: keyof typeof EXTERNALS; pure: boolean};

export interface GraphSpec {
  /** A row of pixels where the height is 0: an op over it is a 1-D one. */
  height: number;
  width: number;
  channels: number;
  nodes: NodeSpec[];
  seed: number;
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
    kind: fc.constant('prelu' as const),
    shared: fc.constantFrom<'none' | 'pixels' | 'rows' | 'channels'>('none', 'pixels', 'rows', 'channels'),
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
  fn: fc.constantFrom<keyof typeof EXTERNALS>('reversed', 'split'),
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

/** What the externals compute, exactly, from the values of their input. */
export const EXTERNALS = {
  reversed: (values: Float32Array) => [values.slice().reverse()],
  split: (values: Float32Array) => [values.map((x) => -x), Float32Array.from([...values, ...values])],
};

/** The same of tensors, on any backend. */
const TENSOR_EXTERNALS: Readonly<Record<keyof typeof EXTERNALS, (x: tf.Tensor) => tf.Tensor[]>> = {
  reversed: (x) => [tf.reverse(x)],
  split: (x) => [tf.neg(x), tf.concat([x, x])],
};

/** Products that a node may cost: the reference is slow. */
const MOST_PRODUCTS = 15_000;
/** Values that any activation may have. */
const MOST_VALUES = 2_500;

function randomValues(shape: Shape, positive: boolean, next: () => number): Float32Array {
  const count = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from({length: count}, () => (positive ? 0.5 + next() : next() * 2 - 1));
}

/** A graph with its weights, which belong to it. */
export class RandomGraph {
  readonly graph: Graph;
  /** By node id. */
  readonly externals = new Map<number, keyof typeof EXTERNALS>();
  private readonly builder = new GraphBuilder();
  private readonly forms: {shape: Shape; positive: boolean}[] = [];
  private tensors: tf.Tensor[] = [];
  private readonly earlier: ValueId[] = [];
  private nodes = 0;
  private inputs = 0;

  constructor({height, width, channels: depth, nodes, seed}: GraphSpec) {
    const x = this.input(height === 0 ? [width, depth] : [height, width, depth]);
    const last = nodes.reduce((value, spec) => this.add(spec, value), x);
    this.graph = this.builder.build([last]);
    // Every value is handed out, so that each node can be judged by itself.
    this.graph = {...this.graph, outputs: this.graph.values.map(({id}) => id)};
    this.assign(seed);
  }

  /** New values for all weights, in new tensors, as assigning a variable makes them. */
  assign(seed: number): void {
    const next = random(seed);
    const old = this.tensors;
    this.tensors = this.forms.map(({shape, positive}) => {
      return tf.tensor(randomValues(shape, positive, next), [...shape]);
    });
    tf.dispose(old);
  }

  dispose(): void {
    tf.dispose(this.tensors);
  }

  private input(shape: Shape): ValueId {
    const id = this.builder.input(`input${this.inputs++}`, shape);
    this.earlier.push(id);
    return id;
  }

  private weight(shape: Shape, positive = false): number {
    const index = this.forms.push({shape, positive}) - 1;
    const name = `weight${index}`;
    if (index % 4 < 3) return this.builder.weight({name, shape, read: () => this.tensors[index]});
    return this.builder.weight({name, shape, values: () => randomValues(shape, positive, random(index))});
  }

  private node(op: Op, inputs: ValueId[], weights: Record<string, number> = {}): ValueId {
    const outputs = this.builder.node(op, inputs, {name: `${op.kind}${this.nodes++}`, weights});
    this.earlier.push(...outputs);
    return outputs[0];
  }

  private planeOf(id: ValueId): Plane {
    return planeOf(this.builder.value(id));
  }

  private shapeOf(id: ValueId): Shape {
    return this.builder.value(id).shape!;
  }

  private sizeOf(id: ValueId): number {
    return this.shapeOf(id).reduce((a, b) => a * b, 1);
  }

  private add(spec: NodeSpec, x: ValueId): ValueId {
    switch (spec.kind) {
      case 'conv':
      case 'depthwise':
        return this.convolution(spec, this.pixels(x));
      case 'pool':
        return this.pool(spec, this.pixels(x));
      case 'globalPool':
        return this.node({kind: 'globalPool', mode: spec.mode}, [this.pixels(x)]);
      case 'dense':
        return this.dense(spec, x);
      case 'activation':
        return isElementwise(spec.activation)
          ? this.node({kind: 'activation', activation: spec.activation}, [x])
          : this.node({kind: 'activation', activation: spec.activation}, [this.pixels(x)]);
      case 'batchNorm':
        return this.batchNorm(spec, x);
      case 'prelu':
        return this.prelu(spec, x);
      case 'merge':
        return this.merge(spec, this.picture(x));
      case 'concat':
        return this.concat(spec, this.picture(x));
      case 'pad':
        return this.pad(spec.amounts, this.picture(x));
      case 'upsample':
        return this.upsample(spec, this.picture(x));
      case 'reshape':
        return this.reshape(spec, x);
      case 'external':
        return this.external(spec, x);
      case 'depthToSpace':
        return this.graphModel(spec, this.convolved(this.picture(x), spec.channels * spec.block ** 2));
      default:
        return this.graphModel(spec, this.picture(x));
    }
  }

  private graphModel(spec: GraphModelSpec, x: ValueId): ValueId {
    const made = graphModelOp(spec, this.planeOf(x), MOST_VALUES);
    if (made === null) return x;
    const weights = Object.entries(made.weights).map(([name, shape]) => [name, this.weight(shape)] as const);
    return this.node(made.op, [x], Object.fromEntries(weights));
  }

  /** [height, width, channels] or [steps, channels], as windows want it. */
  private pixels(x: ValueId): ValueId {
    return this.shapeOf(x).length === 1 ? this.picture(x) : x;
  }

  private picture(x: ValueId): ValueId {
    const {height, width, channels: depth} = this.planeOf(x);
    return this.shapeOf(x).length === 3 ? x : this.node(reshapeTo([height, width, depth]), [x]);
  }

  private window(plane: Plane, spec: WindowSpec): WindowConfig {
    try {
      windowOver(plane, spec);
      return spec;
    } catch {
      return {...spec, padding: 'same'};
    }
  }

  private convolution(spec: Extract<NodeSpec, {kind: 'conv' | 'depthwise'}>, x: ValueId): ValueId {
    const plane = this.planeOf(x);
    const {activation} = spec;
    const [kernel, output] = (() => {
      const {kernel: k, output: o} = windowOver(plane, this.window(plane, spec.window));
      return [k, o[0] * o[1]];
    })();
    const products = kernel[0] * kernel[1] * output * (spec.kind === 'conv' ? plane.channels : 1);
    const most = Math.max(1, Math.floor(Math.min(MOST_PRODUCTS / products, MOST_VALUES / output)));
    const window = this.window(plane, spec.window);
    const rank1 = this.shapeOf(x).length === 2;
    const form = {window: rank1 ? this.window1d(window) : window, activation};
    const batchNormEpsilon = spec.norm ? 1e-3 : null;
    const [kh, kw] = form.window.kernel;
    if (spec.kind === 'conv') {
      const filters = Math.min(spec.filters, most);
      const op: Op = {kind: 'conv2d', filters, batchNormEpsilon, ...form};
      return this.node(op, [x], this.convWeights([kh, kw, plane.channels, filters], filters, spec));
    }
    const depthMultiplier = Math.min(spec.multiplier, Math.max(1, Math.floor(most / plane.channels)));
    const outputs = plane.channels * depthMultiplier;
    const op: Op = {kind: 'depthwiseConv2d', depthMultiplier, batchNormEpsilon, ...form};
    return this.node(op, [x], this.convWeights([kh, kw, plane.channels, depthMultiplier], outputs, spec));
  }

  /** A window over a row of pixels. */
  private window1d(spec: WindowConfig): WindowConfig {
    const padding = typeof spec.padding === 'string' ? spec.padding : ([[0, 0], spec.padding[1]] as const);
    return {
      kernel: [1, spec.kernel[1]],
      strides: [1, spec.strides[1]],
      dilations: [1, spec.dilations[1]],
      padding,
    };
  }

  private convWeights(
    filter: Shape,
    outputs: number,
    {norm, scale, shift}: ConvolutionSpec,
  ): Record<string, number> {
    const weights: Record<string, number> = {filter: this.weight(filter)};
    if (outputs % 3 > 0) weights['bias'] = this.weight([outputs]);
    if (scale) weights['scale'] = this.weight([outputs]);
    if (shift) weights['shift'] = this.weight([outputs]);
    if (!norm) return weights;
    return {
      ...weights,
      gamma: this.weight([outputs]),
      beta: this.weight([outputs]),
      mean: this.weight([outputs]),
      variance: this.weight([outputs], true),
    };
  }

  private pool({mode, window: spec}: Extract<NodeSpec, {kind: 'pool'}>, x: ValueId): ValueId {
    const window = this.window(this.planeOf(x), spec);
    const op: Op = {
      kind: 'pool2d',
      mode,
      window: this.shapeOf(x).length === 2 ? this.window1d(window) : window,
    };
    return this.node(op, [x]);
  }

  private dense({units, activation, keepsPlane}: Extract<NodeSpec, {kind: 'dense'}>, x: ValueId): ValueId {
    const size = this.sizeOf(x);
    const shape = [size];
    const flat =
      this.shapeOf(x).length === 1
        ? x
        : this.node(keepsPlane ? reshapeTo(shape, this.planeOf(x)) : reshapeTo(shape), [x]);
    const weights = {kernel: this.weight([size, units]), bias: this.weight([units])};
    return this.node({kind: 'dense', units, activation}, [flat], weights);
  }

  private batchNorm(spec: Extract<NodeSpec, {kind: 'batchNorm'}>, x: ValueId): ValueId {
    const {height, width, channels: depth} = this.planeOf(x);
    const shape = spec.everyPixel ? [height * width * depth] : [depth];
    const weights: Record<string, number> = {mean: this.weight(shape), variance: this.weight(shape, true)};
    if (spec.gamma) weights['gamma'] = this.weight(shape);
    if (spec.beta) weights['beta'] = this.weight(shape);
    return this.node({kind: 'batchNorm', epsilon: 1e-3}, [x], weights);
  }

  private prelu({shared}: Extract<NodeSpec, {kind: 'prelu'}>, x: ValueId): ValueId {
    const picture = this.picture(x);
    const {height, width, channels: depth} = this.planeOf(picture);
    const shape = {
      none: [height, width, depth],
      pixels: [1, 1, depth],
      rows: [1, width, depth],
      channels: [height, width, 1],
    }[shared];
    return this.node({kind: 'prelu'}, [picture], {alpha: this.weight(shape)});
  }

  private merge(spec: Extract<NodeSpec, {kind: 'merge'}>, x: ValueId): ValueId {
    const others = spec.others.map((from) => {
      if (from === 'pixel') return this.pixelOf(x);
      if (from === 'channel') return this.convolved(x, 1);
      return from === 'number' ? this.convolved(this.pixelOf(x), 1) : this.other(from, x);
    });
    const op: Op = {kind: 'merge', fn: spec.fn, activation: spec.activation};
    return this.node(op, spec.last ? [...others, x] : [x, ...others]);
  }

  /** One pixel that depends on all of x. */
  private pixelOf(x: ValueId): ValueId {
    const {channels: depth} = this.planeOf(x);
    return this.node(reshapeTo([1, 1, depth]), [this.node({kind: 'globalPool', mode: 'average'}, [x])]);
  }

  private convolved(x: ValueId, filters: number): ValueId {
    const window: WindowConfig = {kernel: [1, 1], strides: [1, 1], dilations: [1, 1], padding: 'valid'};
    const op: Op = {kind: 'conv2d', filters, window, activation: LINEAR, batchNormEpsilon: null};
    return this.node(op, [x], {filter: this.weight([1, 1, this.planeOf(x).channels, filters])});
  }

  private other(from: Other, x: ValueId): ValueId {
    const shape = this.shapeOf(x);
    if (from === 'convolved') return this.convolved(x, shape[2]);
    if (from === 'graphInput' && this.inputs < 3) return this.input(shape);
    if (from === 'earlier') {
      const same = (id: ValueId) => id !== x && String(this.shapeOf(id)) === String(shape);
      return this.earlier.find(same) ?? x;
    }
    return x;
  }

  private concat(spec: Extract<NodeSpec, {kind: 'concat'}>, x: ValueId): ValueId {
    if (this.sizeOf(x) * (1 + spec.others.length) > MOST_VALUES) return x;
    const others = spec.others.map((from) => this.other(from, x));
    if (spec.axis !== 'channels') others[0] = this.grown(others[0], spec.axis, spec.crop);
    return this.node({kind: 'concat', axis: spec.axis}, [x, ...others]);
  }

  private grown(x: ValueId, axis: 'height' | 'width', by: number): ValueId {
    return axis === 'height' ? this.pad([0, by, 0, 0], x) : this.pad([0, 0, by, 0], x);
  }

  private pad([top, bottom, left, right]: [number, number, number, number], x: ValueId): ValueId {
    const {height, width, channels: depth} = this.planeOf(x);
    const [h, w] = [height + top + bottom, width + left + right];
    if (h < 1 || w < 1 || h * w * depth > MOST_VALUES) return x;
    return this.node({kind: 'pad2d', top, bottom, left, right}, [x]);
  }

  private upsample({factor, interpolation}: Extract<NodeSpec, {kind: 'upsample'}>, x: ValueId): ValueId {
    if (this.sizeOf(x) * factor[0] * factor[1] > MOST_VALUES) return x;
    return this.node({kind: 'upsample2d', factor, interpolation}, [x]);
  }

  private reshape({to}: Extract<NodeSpec, {kind: 'reshape'}>, x: ValueId): ValueId {
    const {height, width, channels: depth} = this.planeOf(x);
    const shape = {
      rows: [height * width, depth],
      channels: [depth, height, width],
      turned: [width, height, depth],
      scalars: [height, width * depth, 1],
    }[to];
    return this.node(reshapeTo(shape), [x]);
  }

  private external({fn, pure}: Extract<NodeSpec, {kind: 'external'}>, x: ValueId): ValueId {
    const shape = this.shapeOf(x);
    const {height, width, channels: depth} = this.planeOf(x);
    const plane = {height, width, channels: depth};
    const double = {height, width, channels: 2 * depth};
    const op: ExternalOp = {
      kind: 'external',
      label: fn,
      pure,
      rowwise: true,
      batched: true,
      forms:
        fn === 'reversed'
          ? [{shape, plane}]
          : [
              {shape, plane},
              {shape: [height, width, 2 * depth], plane: double},
            ],
      apply: ([tensor]) => TENSOR_EXTERNALS[fn](tf.reshape(tensor, [-1])),
    };
    this.externals.set(this.nodes, fn);
    return this.node(op, [x]);
  }
}
