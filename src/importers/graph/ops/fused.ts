/** What TensorFlow fuses into a convolution or a matrix product: a bias, and an activation behind it. */
import {LINEAR, type Activation} from '../../../graph';
import {graphWeight, type Constant} from '../constants';
import {constantAt, emitActivated, type NodeUse, type Weights} from '../use';

/** What may be fused into an op behind its bias. `null` is none; a PReLU has slopes of its own, and is another node. */
const FUSED: Readonly<Record<string, Activation['name']>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Elu: 'elu',
  Sigmoid: 'sigmoid',
  LeakyRelu: 'leakyRelu',
};

const FUSED_OPS = new Set(['_FusedConv2D', 'FusedDepthwiseConv2dNative', '_FusedMatMul']);

export const isFused = ({node}: NodeUse): boolean => FUSED_OPS.has(node.op);

export interface Fused {
  readonly bias: Constant | null;
  readonly activation: Activation;
  /** Slopes of a PReLU at the end. */
  readonly slopes: Constant | null;
}

const PLAIN: Fused = {bias: null, activation: LINEAR, slopes: null};

/**
 * What a fused op does behind its product; null where that is not known here.
 * @param channels of the product: tfjs has other biases too, but spreads them in its own way
 */
export function fusedOf(use: NodeUse, channels: number): Fused | null {
  const {attributes, node} = use;
  if (!isFused(use)) return PLAIN;
  const [first, second, ...others] = attributes.strings('fused_ops', []);
  const count = first === undefined ? 0 : second === 'Prelu' ? 2 : 1;
  if (node.inputs.length !== 2 + count || attributes.integer('num_args', 0) !== count) return null;
  if (first === undefined) return PLAIN;
  const bias = constantAt(use, 2);
  if (first !== 'BiasAdd' || others.length > 0 || bias?.shape.length !== 1 || bias.shape[0] !== channels)
    return null;
  if (second === undefined) return {bias, activation: LINEAR, slopes: null};
  if (second === 'Prelu') {
    const slopes = constantAt(use, 3);
    return slopes && isOfRank(slopes, [1, 3], channels) ? {bias, activation: LINEAR, slopes} : null;
  }
  const name = FUSED[second];
  if (name === undefined || isUnknownSlope(use, name)) return null;
  const parameter = name === 'leakyRelu' ? attributes.number('leakyrelu_alpha', 0.2) : undefined;
  return {bias, activation: parameter === undefined ? {name} : {name, parameter}, slopes: null};
}

/** Whether a constant has one of these ranks, and a value for each channel. */
const isOfRank = ({shape}: Constant, ranks: readonly number[], channels: number): boolean =>
  ranks.includes(shape.length) && shape[shape.length - 1] === channels;

/** tfjs does not read the slope of a leaky ReLU behind a depthwise convolution; what it computes, it computes itself. */
const isUnknownSlope = ({node}: NodeUse, name: Activation['name']): boolean =>
  name === 'leakyRelu' && node.op === 'FusedDepthwiseConv2dNative';

export const biasOf = ({bias}: Fused) => bias && graphWeight(bias);

export function emitFused(
  use: NodeUse,
  fused: Fused,
  inputs: readonly number[],
  weights: Weights,
  op: Parameters<typeof emitActivated>[1],
): number {
  return emitActivated(use, op, fused.activation, inputs, {...weights, bias: biasOf(fused)});
}
