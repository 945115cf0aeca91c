/** Back through pools: to all taps of a window alike, or to the first of the largest. */
import type {PoolOp} from '../../../../graph';
import type {Setting} from '../../ops';
import {windowOf} from '../../ops/window';
import {pitchOfLayout, type BackwardOp, type BackwardSetting} from './op';

export function pool2d(backward: BackwardSetting): BackwardOp {
  const {kernels, scratch, op, inputs, output} = backward.setting as Setting<PoolOp>;
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
        pitchOfLayout(output),
      );
    },
  };
}
