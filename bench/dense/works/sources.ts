/** The networks that are run: where each comes from, its frames, and how it becomes a graph. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {buildNetwork} from '../../../examples/atari/network';
import {onnxNetwork} from '../../../examples/atari/onnx/network';
import type {OnnxGraph} from '../../../examples/atari/onnx/writer';
import {openClip} from '../../../examples/camera/clips';
import {readModel} from '../../../examples/camera/load-model';
import {modelNamed} from '../../../examples/camera/models';
import {readWeight, type Graph} from '../../../src/graph';
import {GraphModelImporter, importLayersModel} from '../../../src/importers';
import {onnxGraph} from '../../formats/onnx';
import {readRecording, readStretches, sizeOf} from '../../frames';
import {findNetwork, networkName, NETWORKS} from '../../networks';
import type {Work} from './work';

export interface Source extends Pick<Work, 'name' | 'kind' | 'shape' | 'outputs'> {
  readonly artifacts: tf.io.ModelArtifacts;
  readonly frames: readonly Float32Array[];
  /** @param model loaded from the artifacts */
  graph(model: LayersModel | GraphModel): Graph;
  onnx(graph: Graph): OnnxGraph;
}

/** What frames show does not matter here; that they are several keeps anyone from computing none. */
const FRAMES = 4;

/** Whose screens and actions the paper's network has. */
const GAME = 'Breakout';

/**
 * Outputs of pretrained models, where they are not the task's. CenterNet ends in a choice of the best points, which not every
 * side has: it is computed up to there.
 */
const PRETRAINED: Readonly<Record<string, readonly string[] | null>> = {
  posenet: null,
  centernet: ['tower_0/max_pooling2d/MaxPool', 'tower_0/CenternetHead/centernet_wh_output/BiasAdd'],
  nanodet: null,
};

/** All that can be run, and what is run by default. */
export const WORK_NAMES = [...NETWORKS.map(networkName), ...Object.keys(PRETRAINED)];
export const DEFAULT_WORKS = ['D2:80/160', ...Object.keys(PRETRAINED)];

export function findSource(name: string): Promise<Source> | Source {
  return name in PRETRAINED ? pretrained(name) : network(name);
}

async function network(name: string): Promise<Source> {
  const found = findNetwork(name)!;
  const recording = readRecording(GAME);
  const size = sizeOf(recording, found);
  const model = buildNetwork(size);
  const artifacts = await artifactsOf(model);
  model.dispose();
  return {
    name,
    kind: 'layers',
    shape: [1, size.height, size.width, 1],
    outputs: [],
    artifacts,
    frames: readStretches(recording, found, FRAMES).flat().slice(0, FRAMES),
    graph: (loaded) => importLayersModel(loaded as LayersModel, [[size.height, size.width, 1]]),
    onnx: ({weights}) => onnxNetwork(size, weights.map(readWeight)),
  };
}

/** What `model.save()` would store. */
async function artifactsOf(model: LayersModel): Promise<tf.io.ModelArtifacts> {
  const kept: tf.io.ModelArtifacts[] = [];
  await model.save({
    save: async (artifacts) => {
      kept.push(artifacts);
      return {modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}};
    },
  });
  return kept[0];
}

function pretrained(name: string): Source {
  const task = modelNamed(name);
  const outputs = [...(PRETRAINED[name] ?? task.outputs)];
  return {
    name,
    kind: 'graph',
    shape: task.shape,
    outputs,
    artifacts: readModel(name),
    frames: openClip({clip: 'camera', frames: FRAMES}, task.size).map((picture) => task.encode(picture)),
    graph: (loaded) => {
      const model = loaded as GraphModel;
      const input = {name: model.inputs[0].name, shape: task.shape, dtype: 'float32'} as const;
      return new GraphModelImporter(model).graph([input], outputs);
    },
    onnx: onnxGraph,
  };
}
