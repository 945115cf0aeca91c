/** Activations as ops of their own. */
import {LINEAR, type ElementwiseOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {bind} from '../kernels';
import {activationCode, boundsOf, COPY} from './shared/activations';
import {pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import type {Backward, PixelImplementation} from './shared/implementation';
import {listSources} from './shared/lists';
import {reachSamePixels} from './shared/masks';
import {ELEMENT_COST, type PixelOp, type Setting} from './shared/op';

export const activation: PixelImplementation<ElementwiseOp> = {forward};
export const activationBackward: Backward<ElementwiseOp> = {backward};

function forward(setting: Setting<ElementwiseOp>): PixelOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const {name, parameter = 0} = op.activation;
  const code = activationCode(op.activation);
  const bounds = boundsOf(op.activation);
  const clamp =
    bounds && bind.mergePair(kernels, {fn: COPY, oneA: 0, oneB: 0, channels: input.channels, ...bounds});
  return {
    reach: reachSamePixels(setting),
    ...(clamp && {
      computeInPlace(at: number, count: number, _notes: boolean, tolerance: number) {
        const {sources, targets, flags} = scratch;
        listSources(setting, at, input, 0, count);
        clamp(sources, sources, count, tolerance, targets, flags);
      },
      takesTolerances: true,
    }),
    compute(at, first, count, to) {
      listSources(setting, at, input, first, count);
      if (name === 'softmax' || name === 'logSoftmax') {
        kernels.softmax(scratch.sources, count, input.channels, name === 'logSoftmax' ? 1 : 0, to);
      } else {
        kernels.activate(scratch.sources, count, input.channels, code, parameter, to);
      }
    },
    activation: LINEAR,
    cost: ELEMENT_COST * input.channels,
  };
}

/** What is left after an activation is sent to the same pixel. */
function backward({setting, kernels}: BackwardSetting<ElementwiseOp>): BackwardOp {
  const {scratch, inputs} = setting;
  const [input] = inputs;
  const add = bindBackward.addPixels(kernels, {
    channels: input.channels,
    pitch: pitchOf(input),
    skip: 0,
    factor: 1,
  });
  return {
    floats: 0,
    flush({at, gradients, delta}, first, count) {
      listSources(setting, at, input, first, count);
      add(scratch.sources, count, gradients, delta);
    },
  };
}
