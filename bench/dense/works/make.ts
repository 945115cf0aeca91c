/** Makes a work's files: the model in every form, frames, and what tfjs's wasm backend makes of the first one. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {writeOnnx, type OnnxGraph, type OnnxValue} from '../../../examples/atari/onnx/writer';
import {graphMacs, type Graph} from '../../../src/graph';
import {tfliteModel} from '../../formats/tflite';
import {writeTflite} from '../../formats/tflite-writer';
import {loadWork, predictWork} from './model';
import type {Source} from './sources';
import {FILES, type OnnxSlot, type Work} from './work';

/** tfjs's wasm backend has to be current. */
export async function makeWork(source: Source, folder: string): Promise<Work> {
  mkdirSync(folder, {recursive: true});
  const put = (file: string, content: Uint8Array | string) => writeFileSync(join(folder, file), content);
  const read = async (file: string) => Uint8Array.from(readFileSync(join(folder, file))).buffer;
  const {name, kind, shape, outputs, artifacts, frames} = source;
  const {weightData, ...topology} = artifacts;
  put(FILES.model, JSON.stringify(topology));
  put(FILES.weights, new Uint8Array(weightData as ArrayBuffer));

  const model = await loadWork({kind}, {read});
  const graph = source.graph(model);
  const onnx = source.onnx(graph);
  put(FILES.onnx, writeOnnx(onnx));
  put(FILES.tflite, writeTflite(tfliteModel(graph)));

  const expected = firstOutputs(model, source);
  model.dispose();
  put(FILES.frames, bytesOf(frames));
  put(FILES.expected, bytesOf(expected));
  const lengths = expected.map(({length}) => length);
  const work: Work = {
    ...{name, kind, shape, outputs, lengths, frames: frames.length, macs: graphMacs(graph)},
    onnx: slotsOf(onnx, graph),
  };
  put(FILES.work, JSON.stringify(work));
  return work;
}

function firstOutputs(model: LayersModel | GraphModel, {shape, frames, ...work}: Source): Float32Array[] {
  return tf.tidy(() => {
    const input = tf.tensor(frames[0].slice(), [...shape], 'float32');
    return predictWork(work, model, input).map((output) => output.dataSync<'float32'>().slice());
  });
}

export function slotsOf({input, outputs}: OnnxGraph, {inputs, values}: Graph): Work['onnx'] {
  const slot = ({name, dims}: OnnxValue, turn: boolean): OnnxSlot => ({name, dims, turn});
  const isPlane = ({dims}: OnnxValue) => dims.length === 4;
  return {
    input: slot(input, values[inputs[0]].layout !== 'channelsFirst'),
    outputs: outputs.map((output) => slot(output, isPlane(output))),
  };
}

function bytesOf(arrays: readonly Float32Array[]): Uint8Array {
  return Buffer.concat(
    arrays.map(({buffer, byteOffset, byteLength}) => Buffer.from(buffer, byteOffset, byteLength)),
  );
}
