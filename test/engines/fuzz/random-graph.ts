/**
 * Builds random graphs straight on the graph, with weights. What does not fit the shapes at hand is bent until it does.
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  GraphBuilder,
  isElementwise,
  LINEAR,
  planeOf,
  reshapeTo,
  windowOver,
  type Graph,
  type Op,
  type Plane,
  type Shape,
  type ValueId,
  type WindowConfig,
} from '../../../src/graph';
import {random} from '../../properties/networks';
import {externalOp, type ExternalName} from './externals';
import {graphModelOp, type GraphModelSpec} from './graph-model-ops';
import type {ConvolutionSpec, GraphSpec, NodeSpec, Other, WindowSpec} from './graph-spec';

type Spec<K extends NodeSpec['kind']> = Extract<NodeSpec, {kind: K}>;

/** Products that a node may cost, unless the spec says otherwise: the reference is slow. */
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
  readonly externals = new Map<number, ExternalName>();
  private readonly builder = new GraphBuilder();
  private readonly forms: {shape: Shape; positive: boolean}[] = [];
  private tensors: tf.Tensor[] = [];
  private readonly earlier: ValueId[] = [];
  private nodes = 0;
  private inputs = 0;

  private readonly mostProducts: number;

  constructor({height, width, channels: depth, nodes, seed, mostProducts = MOST_PRODUCTS}: GraphSpec) {
    this.mostProducts = mostProducts;
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
      case 'layerNormalization':
        return this.layerNormalization(spec, this.pixels(x));
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

  private convolution(spec: Spec<'conv' | 'depthwise'>, x: ValueId): ValueId {
    const plane = this.planeOf(x);
    const {activation} = spec;
    const window = this.window(plane, spec.window);
    const {kernel, output} = windowOver(plane, window);
    const pixels = output[0] * output[1];
    const products = kernel[0] * kernel[1] * pixels * (spec.kind === 'conv' ? plane.channels : 1);
    const most = Math.max(1, Math.floor(Math.min(this.mostProducts / products, MOST_VALUES / pixels)));
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

  private pool({mode, window: spec}: Spec<'pool'>, x: ValueId): ValueId {
    const window = this.window(this.planeOf(x), spec);
    const op: Op = {
      kind: 'pool2d',
      mode,
      window: this.shapeOf(x).length === 2 ? this.window1d(window) : window,
    };
    return this.node(op, [x]);
  }

  private dense({units, activation, keepsPlane}: Spec<'dense'>, x: ValueId): ValueId {
    const size = this.sizeOf(x);
    const shape = [size];
    const flat =
      this.shapeOf(x).length === 1
        ? x
        : this.node(keepsPlane ? reshapeTo(shape, this.planeOf(x)) : reshapeTo(shape), [x]);
    const weights = {kernel: this.weight([size, units]), bias: this.weight([units])};
    return this.node({kind: 'dense', units, activation}, [flat], weights);
  }

  private batchNorm(spec: Spec<'batchNorm'>, x: ValueId): ValueId {
    const {height, width, channels: depth} = this.planeOf(x);
    const shape = spec.everyPixel ? [height * width * depth] : [depth];
    const weights: Record<string, number> = {mean: this.weight(shape), variance: this.weight(shape, true)};
    if (spec.gamma) weights['gamma'] = this.weight(shape);
    if (spec.beta) weights['beta'] = this.weight(shape);
    return this.node({kind: 'batchNorm', epsilon: 1e-3}, [x], weights);
  }

  private layerNormalization({epsilon, ...has}: Spec<'layerNormalization'>, x: ValueId): ValueId {
    const shape = [this.planeOf(x).channels];
    const weights: Record<string, number> = {};
    if (has.gamma) weights['gamma'] = this.weight(shape);
    if (has.beta) weights['beta'] = this.weight(shape);
    return this.node({kind: 'layerNormalization', epsilon}, [x], weights);
  }

  private prelu({shared, repeats}: Spec<'prelu'>, x: ValueId): ValueId {
    const picture = this.picture(x);
    const {height, width, channels: depth} = this.planeOf(picture);
    const shape = {
      none: [height, width, depth],
      pixels: [1, 1, depth],
      rows: [1, width, depth],
      channels: [height, width, 1],
    }[shared];
    return this.node({kind: 'prelu', repeats}, [picture], {alpha: this.weight(shape)});
  }

  private merge(spec: Spec<'merge'>, x: ValueId): ValueId {
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

  private concat(spec: Spec<'concat'>, x: ValueId): ValueId {
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

  private upsample({factor, interpolation}: Spec<'upsample'>, x: ValueId): ValueId {
    if (this.sizeOf(x) * factor[0] * factor[1] > MOST_VALUES) return x;
    return this.node({kind: 'upsample2d', factor, interpolation}, [x]);
  }

  private reshape({to}: Spec<'reshape'>, x: ValueId): ValueId {
    const {height, width, channels: depth} = this.planeOf(x);
    const shape = {
      rows: [height * width, depth],
      channels: [depth, height, width],
      turned: [width, height, depth],
      scalars: [height, width * depth, 1],
    }[to];
    return this.node(reshapeTo(shape), [x]);
  }

  private external({fn, pure}: Spec<'external'>, x: ValueId): ValueId {
    const op = externalOp(fn, pure, this.shapeOf(x), this.planeOf(x));
    this.externals.set(this.nodes, fn);
    return this.node(op, [x]);
  }
}
