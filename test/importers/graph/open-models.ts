/** Models with nodes behind an input of open sides, and frames for them. Not a test. */
import * as tf from '@tensorflow/tfjs-core';
import {loadGraphModel, type GraphModel} from '@tensorflow/tfjs-converter';
import {numbers} from '../helpers';
import {TfGraph, type Artifacts} from './tf-graph';

/** Adds nodes behind x, a ReLU of an input of 4 channels and open sides. */
export type Build = (graph: TfGraph, x: string) => void;

const OPEN = [1, -1, -1, 4];

/** Loads a graph of these nodes behind a ReLU, which a plan can have. */
export async function modelOf(build: Build, spoil?: (artifacts: Artifacts) => void): Promise<GraphModel> {
  const graph = new TfGraph();
  build(graph, graph.node('Relu', [graph.input('x', OPEN)]));
  const artifacts = graph.artifacts();
  spoil?.(artifacts);
  return loadGraphModel(tf.io.fromMemory(artifacts));
}

export const frameOf = ([height, width]: readonly number[], seed = 1) =>
  tf.tensor(numbers(4 * height * width, seed), [1, height, width, 4]);
