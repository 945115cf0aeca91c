/** A rectifier with slopes of its own. */
import * as tf from '@tensorflow/tfjs-core';
import type {PreluOp} from '../../../graph';
import {repeatedSlopes} from '../../shared/fold';
import type {PortableOp} from './op';
import {parameterAt, perPixel} from './per-pixel';

export const prelu: PortableOp<PreluOp> = {
  prepare: ({repeats}, {alpha}, [plane]) => ({
    alpha: perPixel(repeats ? repeatedSlopes(alpha, plane) : alpha, plane),
  }),
  update(step) {
    step.patchwise(step.pixelCost, (patch) =>
      tf.prelu(step.readPixels(step.inputs[0], patch), parameterAt(step, step.prepared.alpha, patch)),
    );
  },
  whole: ({inputs, weights}) => tf.prelu(inputs[0], weights.alpha),
};
