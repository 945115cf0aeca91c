/** Batch norms that no convolution took in. */
import * as tf from '@tensorflow/tfjs-core';
import {LINEAR, type BatchNormOp} from '../../../graph';
import type {OpPlan, Setting} from './shared/op';
import {normalized} from './shared/pointwise';

export function batchNorm(setting: Setting<BatchNormOp>): OpPlan {
  const {epsilon} = setting.op;
  return normalized(setting, LINEAR, ({mean, variance, gamma, beta}) => {
    const inverse = tf.div(1, tf.sqrt(tf.add(variance, epsilon)));
    return [mean, gamma ? tf.mul(gamma, inverse) : inverse, beta ?? tf.zerosLike(mean)];
  });
}
