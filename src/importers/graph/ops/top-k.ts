/** The largest values of a whole tensor. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf, type ExternalOp} from '../../../graph';
import {integerAt, viewAt, type NodeImporter} from '../use';
import {readsInOrder, viewOf} from '../view';

export const topK: NodeImporter = (use) => {
  const view = viewAt(use);
  const k = integerAt(use, 1);
  if (!view || k === null || !readsInOrder(view) || !use.attributes.boolean('sorted', true)) return null;
  const size = view.shape[view.shape.length - 1];
  // Of several rows each has its own largest values: those are left to the model.
  if (size !== sizeOf(view.shape) || k < 1 || k > size) return null;
  const shape = [...view.shape.slice(0, -1), k];
  const op: ExternalOp = {
    kind: 'external',
    label: 'TopKV2',
    pure: true,
    rowwise: false,
    batched: true,
    forms: [{shape: [k]}, {shape: null}],
    known: {kind: 'topK', k, shape},
    apply([tensor]) {
      const {values, indices} = tf.topk(tf.reshape(tensor, [size]), k, true);
      return [tf.reshape(values, [1, k]), tf.reshape(indices, shape)];
    },
  };
  const [values, indices] = use.graph.node(op, [view.value], {name: use.node.name});
  return [viewOf(values, shape), {opaque: indices, shape}];
};
