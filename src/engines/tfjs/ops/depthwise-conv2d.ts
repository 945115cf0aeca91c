/** A convolution of each channel by itself, with bias, what was folded in, and activation. */
import * as tf from '@tensorflow/tfjs-core';
import type {DepthwiseConvOp} from '../../../graph';
import {foldFilter} from '../../shared/fold';
import {convolve} from './convolve';
import type {PortableOp} from './op';

export const depthwiseConv2d: PortableOp<DepthwiseConvOp> = {
  prepare: (op, weights) => foldFilter(weights, op.batchNormEpsilon),
  update(step) {
    const [kh, kw] = step.op.window.kernel;
    convolve(step, kh * kw * step.output.plane.channels, tf.fused.depthwiseConv2d);
  },
  gradientKernels: () => ['DepthwiseConv2dNativeBackpropFilter', 'DepthwiseConv2dNativeBackpropInput'],
  whole: null,
};
