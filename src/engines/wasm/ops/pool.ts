/** Pools over windows. */
import {LINEAR, type PoolOp} from '../../../graph';
import type {PixelOp, Setting} from './op';
import {reachThrough, windowOf} from './window';

export function pool2d(setting: Setting<PoolOp>): PixelOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const window = windowOf(input, op);
  const {kernel, strides, dilations, pad} = window;
  const average = op.mode === 'average' ? 1 : 0;
  return {
    reach: reachThrough(setting as Setting, window),
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
