/** Times a factor, plus a summand, and an activation. */
import * as tf from '@tensorflow/tfjs-core';
import type {AffineOp} from '../../../graph';
import type {OpPlan, Setting} from './shared/op';
import {normalized} from './shared/pointwise';

export function affine(setting: Setting<AffineOp>): OpPlan {
  return normalized(setting, setting.op.activation, ({scale, shift}) => {
    const nothing = tf.zeros([setting.inputs[0].channels]);
    return [nothing, scale ?? tf.onesLike(nothing), shift ?? nothing];
  });
}
