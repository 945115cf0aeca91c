/** Convolutions over the windows of a patch, with bias, what was folded in, and activation. */
import * as tf from '@tensorflow/tfjs-core';
import {windowOver, type Activation, type ConvOp, type DepthwiseConvOp} from '../../../graph';
import type {ResolvedWindow} from '../../../region';
import type {Prepared, Step, Windows} from '../step';
import {activate} from './activation';
import {foldAffine, type Folded} from './fold';
import type {OpKernel} from './op-kernel';

/** What tfjs fuses into a convolution on every backend; the rest is applied after it. */
const FUSED = new Set<Activation['name']>(['linear', 'relu', 'relu6']);
const fusedName = ({name}: Activation) =>
  FUSED.has(name) ? (name as 'linear' | 'relu' | 'relu6') : 'linear';
const rest = (activation: Activation): Activation =>
  FUSED.has(activation.name) ? {name: 'linear'} : activation;

/** A filter as [kernel height, kernel width, in, out]; 1-D and dense ones lack the leading axes. */
function asFilter4d(filter: tf.Tensor): tf.Tensor4D {
  const shape = [...filter.shape];
  while (shape.length < 4) shape.unshift(1);
  return tf.reshape(filter, shape as [number, number, number, number]);
}

/** The filter as [kernel height, kernel width, in, out], with all that follows it but the activation folded in. */
export function foldFilter(weights: Prepared, epsilon: number | null): Folded {
  const filter = asFilter4d(weights.filter);
  const [, , inputs, outputs] = filter.shape;
  return foldAffine({...weights, filter}, epsilon, (scale) =>
    // Depthwise filters are [kh, kw, in, multiplier], with output channel in · multiplier + m.
    tf.mul(filter, scale.size === outputs ? scale : tf.reshape(scale, [inputs, outputs])),
  );
}

/**
 * tfjs's wasm backend computes a 'same' convolution whose stride skips the last inputs of an axis differently from all
 * other backends (its padding underflows). A result must be the model's own, so such a convolution is left to it whole.
 */
function isComputedWhole(
  padding: ConvOp['window']['padding'],
  {input, output, kernel, strides, dilations}: ResolvedWindow,
): boolean {
  if (tf.getBackend() !== 'wasm' || padding !== 'same' || (kernel[0] === 1 && kernel[1] === 1)) return false;
  return input.some(
    (size, axis) => (output[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 < size,
  );
}

function convolve(
  step: Step<ConvOp> | Step<DepthwiseConvOp>,
  macs: number,
  conv: typeof tf.fused.conv2d | typeof tf.fused.depthwiseConv2d,
): void {
  const {op, inputs, prepared} = step;
  const window = windowOver(inputs[0].plane, op.window);
  const [kh, kw] = window.kernel;
  const cost = {macs, reads: kh * kw * inputs[0].plane.channels};
  const compute = ({x, strides, dilations}: Windows, pad: 'same' | 'valid') => {
    const filter = prepared.filter as tf.Tensor4D;
    const activation = fusedName(op.activation);
    const y = conv({x, filter, bias: prepared.bias, strides, dilations, pad, activation});
    return activate(y, rest(op.activation));
  };
  if (isComputedWhole(op.window.padding, window)) {
    step.whole(() => compute(step.wholeWindow(inputs[0], window), 'same'));
    return;
  }
  step.patchwise(cost, (patch) => compute(step.readWindows(inputs[0], window, patch, 0), 'valid'));
}

export const conv2d: OpKernel<ConvOp> = {
  prepare: (op, weights) => foldFilter(weights, op.batchNormEpsilon),
  update(step) {
    const [kh, kw] = step.op.window.kernel;
    convolve(step, kh * kw * step.inputs[0].plane.channels * step.op.filters, tf.fused.conv2d);
  },
};

export const depthwiseConv2d: OpKernel<DepthwiseConvOp> = {
  prepare: (op, weights) => foldFilter(weights, op.batchNormEpsilon),
  update(step) {
    const [kh, kw] = step.op.window.kernel;
    convolve(step, kh * kw * step.output.plane.channels, tf.fused.depthwiseConv2d);
  },
};
