/** A small GraphModel with a tail that the model computes itself, and frames of it beside the model. Not a test. */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {ReuseModel} from '../../src';
import {expectEqual} from '../importers/graph/playing';
import {FLOAT, TfGraph, windowed} from '../importers/graph/tf-graph';

export const SHAPE = [1, 8, 9, 2];

/** Two convolutions, a running sum over the channels that no plan has, and what `more` adds. */
export function small(
  more: (graph: TfGraph, conv: string) => void = () => undefined,
  shape = SHAPE,
): TfGraph {
  const graph = new TfGraph();
  const x = graph.input('x', shape);
  const first = graph.named('first', 'Conv2D', [x, graph.floats([3, 3, 2, 4])], windowed());
  const relu = graph.named('relu', 'Relu', [first]);
  const conv = graph.named('conv', 'Conv2D', [relu, graph.floats([3, 3, 4, 3])], windowed());
  graph.named('tail', 'Cumsum', [conv, graph.integers([3], [])], {exclusive: false, reverse: false});
  more(graph, conv);
  return graph;
}

/** Coordinates of positive values: how many there are is known only once they are computed. */
export function withWhere(graph: TfGraph, conv: string): void {
  graph.named('where', 'Where', [graph.node('Greater', [conv, graph.floats([], [0])])]);
}

export function withNoise(graph: TfGraph, conv: string): void {
  const noise = graph.node('RandomUniform', [graph.integers([1, 8, 9, 3])], {dtype: FLOAT, seed: 0});
  graph.named('noisy', 'AddV2', [conv, noise]);
}

export function expectFrame(
  reuse: ReuseModel,
  model: GraphModel,
  frame: tf.NamedTensorMap,
  outputs = model.outputNodes,
) {
  const expected = [model.execute(frame, outputs)].flat();
  const actual = [reuse.execute(frame, outputs)].flat();
  expected.forEach((tensor, i) => expectEqual(actual[i], tensor, outputs[i]));
  // A model hands out the very tensor that it was given.
  tf.dispose([expected.filter((tensor) => !Object.values(frame).includes(tensor)), actual]);
}
