/**
 * Convolutions over a plane: dense (`conv2d`) and depthwise. A 1-D convolution is one with H = 1.
 *
 * Weights: `filter` ([kh, kw, in, out], or [kh, kw, in, multiplier] for depthwise; the first axis may be missing in
 * 1-D), `bias` [out], where a batch norm was folded in, `gamma`, `beta`, `mean`, `variance` [out], and, applied after all
 * these, `scale` and `shift` [out]: (conv + bias) · scale + shift.
 */
import {propagate, resolveWindow, type ResolvedWindow, type Window} from '../../region';
import type {Activation} from '../activation';
import {known, type KnownForm, type Rule} from '../rule';
import type {Plane, Shape} from '../types';

/** The window of an op without its input's size. */
export type WindowConfig = Required<Omit<Window, 'input'>>;

interface Convolution {
  readonly window: WindowConfig;
  readonly activation: Activation;
  /** Epsilon of the batch norm folded into filter and bias; null where there is none. */
  readonly batchNormEpsilon: number | null;
}

export interface ConvOp extends Convolution {
  readonly kind: 'conv2d';
  readonly filters: number;
}

export interface DepthwiseConvOp extends Convolution {
  readonly kind: 'depthwiseConv2d';
  readonly depthMultiplier: number;
}

/** The window of a convolution or a pool over a plane of this size. */
export function windowOver(plane: Plane, window: WindowConfig): ResolvedWindow {
  return resolveWindow({...window, input: [plane.height, plane.width]});
}

/** The output shape of a window op: as many axes as its input, so that [T, C] stays [T', C']. */
export function windowShape(kind: string, input: KnownForm, window: WindowConfig, channels: number): Shape {
  const rank = input.shape.length;
  if (rank !== 2 && rank !== 3) {
    throw new Error(
      `${kind}: expected an input [height, width, channels] or [steps, channels], got [${input.shape.join(', ')}].`,
    );
  }
  const [height, width] = windowOver(input.plane, window).output;
  return rank === 3 ? [height, width, channels] : [width, channels];
}

export const conv2d: Rule<ConvOp> = {
  outputs(op, inputs) {
    const [input] = known(op.kind, inputs);
    return [{shape: windowShape(op.kind, input, op.window, op.filters)}];
  },
  affected: (op, [input], _output, [changed]) => propagate(changed, windowOver(input.plane, op.window)),
  macs(op, [input], _output, _changed, affected) {
    const [kh, kw] = op.window.kernel;
    return affected.area * kh * kw * input.plane.channels * op.filters;
  },
};

export const depthwiseConv2d: Rule<DepthwiseConvOp> = {
  outputs(op, inputs) {
    const [input] = known(op.kind, inputs);
    return [{shape: windowShape(op.kind, input, op.window, input.plane.channels * op.depthMultiplier)}];
  },
  affected: (op, [input], _output, [changed]) => propagate(changed, windowOver(input.plane, op.window)),
  macs(op, _inputs, output, _changed, affected) {
    const [kh, kw] = op.window.kernel;
    return affected.area * kh * kw * output.plane.channels;
  },
};
