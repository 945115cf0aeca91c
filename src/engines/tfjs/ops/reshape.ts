/** The same memory under another shape. */
import * as tf from '@tensorflow/tfjs-core';
import type {ReshapeOp} from '../../../graph';
import type {PortableOp} from './op';

export const reshape: PortableOp<ReshapeOp> = {
  update: 'view',
  whole: ({inputs: [input], shape}) => tf.reshape(input, [input.shape[0], ...shape]),
};
