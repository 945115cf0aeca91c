/** Pools over windows. Backwards, to all taps of a window alike, or to the first of the largest. */
import {LINEAR, type PoolOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {bind} from '../kernels';
import {pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import type {Backward, PixelImplementation} from './shared/implementation';
import type {PixelOp, Setting} from './shared/op';
import {namesOf, reachThrough, windowOf} from './shared/window';

export const pool2d: PixelImplementation<PoolOp> = {forward};
export const pool2dBackward: Backward<PoolOp> = {backward};

function forward(setting: Setting<PoolOp>): PixelOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const window = windowOf(input, op);
  const {ys, xs} = scratch;
  const pool = bind.pool(kernels, {...input, ...namesOf(window), average: isAverage(op)});
  return {
    reach: reachThrough(setting, window),
    compute(at, first, count, to) {
      pool(ys + 4 * first, xs + 4 * first, count, at + input.at, to);
    },
    activation: LINEAR,
    cost: 2 * window.kernel[0] * window.kernel[1] * input.channels,
  };
}

const isAverage = ({mode}: PoolOp): number => (mode === 'average' ? 1 : 0);

function backward({setting, kernels}: BackwardSetting<PoolOp>): BackwardOp {
  const {scratch, op, inputs, output} = setting;
  const [input] = inputs;
  const {ys, xs} = scratch;
  const window = namesOf(windowOf(input, op));
  const spread = bindBackward.poolGradient(kernels, {
    ...input,
    ...window,
    average: isAverage(op),
    pitch: pitchOf(output),
  });
  return {
    floats: 0,
    flush({at, gradients, delta}, first, count) {
      spread(ys + 4 * first, xs + 4 * first, count, at + input.at, gradients, delta);
    },
  };
}
