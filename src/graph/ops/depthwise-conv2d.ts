/** A convolution of each channel by itself. Weights: see convolution.ts; its filter is [kh, kw, in, multiplier]. */
import type {Convolution} from '../convolution';
import type {OpDefinition} from '../definition';
import {known} from '../forms';
import {kernelEffect, windowAffected, windowHalo, windowReads, windowShape} from '../window';

export interface DepthwiseConvOp extends Convolution {
  readonly kind: 'depthwiseConv2d';
  readonly depthMultiplier: number;
}

export const depthwiseConv2d: OpDefinition<DepthwiseConvOp> = {
  outputs({kind, window, depthMultiplier}, inputs) {
    const [input] = known(kind, inputs);
    return [{shape: windowShape(kind, input, window, input.plane.channels * depthMultiplier)}];
  },
  affected: windowAffected,
  macs({window}, _inputs, {plane}, _changed, {area}) {
    const [kh, kw] = window.kernel;
    return area * kh * kw * plane.channels;
  },
  reads: windowReads,
  halo: windowHalo,
  effect: ({window}) => kernelEffect(window.kernel),
  takes: {batchNorm: true, affine: true, activation: true, pad: true},
  gradient: () => 'pixels',
  handsOn: () => false,
  filter: {inputs: -2},
  countedBy: 'outputs',
  isComputed: true,
};
