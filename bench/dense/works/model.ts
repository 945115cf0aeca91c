/** The model of a work, loaded from its files into tfjs's current backend. */
import {loadGraphModel, type GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import {loadLayersModel, type LayersModel} from '@tensorflow/tfjs-layers';
import type {Platform} from '../realm/platform';
import {FILES, type Work} from './work';

export async function loadWork(
  {kind}: Pick<Work, 'kind'>,
  {read}: Pick<Platform, 'read'>,
): Promise<LayersModel | GraphModel> {
  const handler: tf.io.IOHandler = {load: () => readArtifacts(read)};
  return kind === 'layers' ? loadLayersModel(handler) : withExactSixths(await loadGraphModel(handler));
}

async function readArtifacts(read: Platform['read']): Promise<tf.io.ModelArtifacts> {
  const text = new TextDecoder().decode(await read(FILES.model));
  return {...(JSON.parse(text) as tf.io.ModelArtifacts), weightData: await read(FILES.weights)};
}

/** A sixth, rounded to 16 bits. */
const ROUNDED = 0.1666259765625;

/**
 * A model that was stored with 16 bits has hard swishes of 0.16663 · x · relu6(x + 3). Other formats have the function itself, with
 * a sixth: so the model gets it back, and all sides compute the same.
 */
export function withExactSixths(model: GraphModel): GraphModel {
  for (const tensors of Object.values(model.weights)) {
    const [tensor] = tensors;
    if (tensor.dtype !== 'float32' || tensor.size !== 1 || tensor.dataSync()[0] !== ROUNDED) continue;
    tensors[0] = tf.tidy(() => tf.keep(tf.fill(tensor.shape, 1 / 6)));
  }
  return model;
}

/** What models of tfjs and of this library have in common. */
export interface Predicting {
  predict(input: tf.Tensor): unknown;
  execute(input: tf.Tensor, outputs: string[]): unknown;
}

/** The outputs that are asked for, in their order. */
export function predictWork(
  {kind, outputs}: Pick<Work, 'kind' | 'outputs'>,
  model: Predicting,
  input: tf.Tensor,
): tf.Tensor[] {
  const result = kind === 'layers' ? model.predict(input) : model.execute(input, [...outputs]);
  return [result as tf.Tensor | tf.Tensor[]].flat();
}
