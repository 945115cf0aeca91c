/** A convolution over a plane. Weights: see convolution.ts; its filter is [kh, kw, in, out]. */
import type {Convolution} from '../convolution';
import type {OpDefinition} from '../definition';
import {known} from '../forms';
import {kernelEffect, windowAffected, windowHalo, windowReads, windowShape} from '../window';

export interface ConvOp extends Convolution {
  readonly kind: 'conv2d';
  readonly filters: number;
}

export const conv2d: OpDefinition<ConvOp> = {
  outputs({kind, window, filters}, inputs) {
    const [input] = known(kind, inputs);
    return [{shape: windowShape(kind, input, window, filters)}];
  },
  affected: windowAffected,
  macs({window, filters}, [{plane}], _output, _changed, {area}) {
    const [kh, kw] = window.kernel;
    return area * kh * kw * plane.channels * filters;
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
