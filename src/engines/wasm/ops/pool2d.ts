/** Pools over windows. Backwards, to all taps of a window alike, or to the first of the largest. */
import {LINEAR, type PoolOp} from '../../../graph';
import {pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import type {PixelImplementation} from './shared/implementation';
import type {PixelOp, Setting} from './shared/op';
import {reachThrough, windowOf} from './shared/window';

export const pool2d: PixelImplementation<PoolOp> = {forward, backward};

function forward(setting: Setting<PoolOp>): PixelOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const window = windowOf(input, op);
  const {kernel, strides, dilations, pad} = window;
  const average = op.mode === 'average' ? 1 : 0;
  return {
    reach: reachThrough(setting, window),
    compute(at, first, count, to) {
      kernels.pool(
        scratch.ys + 4 * first,
        scratch.xs + 4 * first,
        count,
        at + input.at,
        input.rowBytes,
        input.height,
        input.width,
        input.channels,
        kernel[0],
        kernel[1],
        strides[0],
        strides[1],
        dilations[0],
        dilations[1],
        pad.top,
        pad.left,
        average,
        to,
      );
    },
    activation: LINEAR,
    cost: 2 * kernel[0] * kernel[1] * input.channels,
  };
}

function backward({setting}: BackwardSetting<PoolOp>): BackwardOp {
  const {kernels, scratch, op, inputs, output} = setting;
  const [input] = inputs;
  const {kernel, strides, dilations, pad} = windowOf(input, op);
  return {
    floats: 0,
    flush({at, gradients, delta}, first, count) {
      kernels.poolGradient(
        scratch.ys + 4 * first,
        scratch.xs + 4 * first,
        count,
        at + input.at,
        input.rowBytes,
        input.height,
        input.width,
        input.channels,
        kernel[0],
        kernel[1],
        strides[0],
        strides[1],
        dilations[0],
        dilations[1],
        pad.top,
        pad.left,
        op.mode === 'average' ? 1 : 0,
        gradients,
        delta,
        pitchOf(output),
      );
    },
  };
}
