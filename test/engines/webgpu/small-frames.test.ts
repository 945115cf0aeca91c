/**
 * Small frames that are not on the device yet. From those tfjs itself computes some ops on this side, and not all give the same here:
 * reuse has its frames on the device.
 */
import * as tf from '@tensorflow/tfjs-core';
import {withReuse} from '../../../src';
import {TfGraph} from '../../importers/graph/tf-graph';
import {onWebGpu} from './backend';

const VALUES = [1, -2, 3, 4];
const fresh = () => tf.tensor(VALUES, [1, 2, 2, 1]);

/** What reads it has it brought to the device. */
function placed(): tf.Tensor {
  const x = fresh();
  tf.dispose(tf.relu(x));
  return x;
}

const NODES: Readonly<Record<string, (graph: TfGraph, x: string) => string>> = {
  'a product that keeps its axes': (g, x) => g.node('Prod', [x, g.integers([1, 2, 3])], {keep_dims: true}),
  'a division by zero, rounded': (g, x) => g.node('FloorDiv', [x, g.floats([], [0])]),
};

onWebGpu('a small frame that is not on the device', () => {
  it.each(Object.keys(NODES))('gives with reuse what the model gives for one that is: %s', async (name) => {
    const graph = new TfGraph();
    NODES[name](graph, graph.input('x', [1, 2, 2, 1]));
    const model = await graph.load();
    const reuse = withReuse(model, {policy: 'incremental'});
    const [here, there] = [fresh(), placed()];
    const expected = model.predict(there) as tf.Tensor;
    for (const frame of [here, there]) {
      const actual = reuse.predict(frame) as tf.Tensor;
      expect([actual.dtype, actual.shape]).toEqual([expected.dtype, expected.shape]);
      expect(await actual.data()).toEqual(await expected.data());
      actual.dispose();
    }
    tf.dispose([here, there, expected]);
    [reuse, model].forEach((one) => one.dispose());
  });
});
