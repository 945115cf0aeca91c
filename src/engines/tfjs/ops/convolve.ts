/** What convolutions have in common: windows of patches, what tfjs fuses, and the activation. */
import * as tf from '@tensorflow/tfjs-core';
import {windowOver, type Activation, type ConvOp, type DepthwiseConvOp} from '../../../graph';
import type {ResolvedWindow} from '../../../region';
import {skipsInputs} from '../../shared/unsupported';
import type {Step, Windows} from '../step/step';
import {activate} from './activate';

/** What tfjs fuses into a convolution on every backend; the rest is applied after it. */
const FUSED = new Set<Activation['name']>(['linear', 'relu', 'relu6']);
const fusedName = ({name}: Activation) =>
  FUSED.has(name) ? (name as 'linear' | 'relu' | 'relu6') : 'linear';
const rest = (activation: Activation): Activation =>
  FUSED.has(activation.name) ? {name: 'linear'} : activation;

/** A result must be the model's own, so what tfjs's wasm backend pads in a way of its own is left to it whole. */
const isComputedWhole = (padding: ConvOp['window']['padding'], window: ResolvedWindow): boolean =>
  tf.getBackend() === 'wasm' && skipsInputs(padding, window);

/** Computes what changed, or all where only tfjs's own convolution of the whole gives what the model gives. */
export function convolve(
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
