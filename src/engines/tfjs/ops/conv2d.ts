/** A convolution over the windows of a patch, with bias, what was folded in, and activation. */
import * as tf from '@tensorflow/tfjs-core';
import type {ConvOp} from '../../../graph';
import {foldFilter} from '../../shared/fold';
import {convolve} from './convolve';
import type {PortableOp} from './op';

export const conv2d: PortableOp<ConvOp> = {
  prepare: (op, weights) => foldFilter(weights, op.batchNormEpsilon),
  update(step) {
    const [kh, kw] = step.op.window.kernel;
    convolve(step, kh * kw * step.inputs[0].plane.channels * step.op.filters, tf.fused.conv2d);
  },
  gradientKernels: () => ['Conv2DBackpropFilter', 'Conv2DBackpropInput'],
  whole: null,
};
