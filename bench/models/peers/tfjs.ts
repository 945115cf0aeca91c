/** The model on one of tfjs's backends, as it is or with reuse. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {Backend} from '../../../examples/atari/backend';
import {settle} from '../../../examples/atari/sides/settle';
import type {CameraModel} from '../../../examples/camera/models/task';
import {withReuse, type ReuseModel, type ReuseOptions} from '../../../src';
import type {PeerSide, Prediction} from './side';

type Executable = GraphModel | ReuseModel<GraphModel>;

/** Disposes the model that it is given. */
export function denseSide(
  id: 'tfjs-wasm' | 'tfjs-node',
  backend: Backend,
  model: GraphModel,
  task: CameraModel,
): PeerSide {
  return {
    id,
    play: (frames) => playOn(backend, model, task, frames),
    dispose: async () => {
      await tf.setBackend(backend);
      model.dispose();
    },
  };
}

/** As users have it, beside tfjs's wasm backend: the policy may leave frames to the model. */
export function reuseSide(model: GraphModel, task: CameraModel, options: ReuseOptions): PeerSide {
  const reuse = withReuse(model, options);
  return {
    id: 'reuse',
    play: (frames) => playOn('wasm', reuse, task, frames),
    dispose: () => reuse.dispose(),
  };
}

async function playOn(
  backend: Backend,
  model: Executable,
  {shape, outputs}: CameraModel,
  frames: readonly Float32Array[],
): Promise<Prediction[]> {
  await tf.setBackend(backend);
  const inputs = frames.map((values) => tf.tensor(values.slice(), [...shape], 'float32'));
  try {
    await settle();
    return inputs.map((input) => predict(model, input, [...outputs]));
  } finally {
    tf.dispose(inputs);
  }
}

function predict(model: Executable, input: tf.Tensor, names: string[]): Prediction {
  const start = performance.now();
  const results = [model.execute(input, names)].flat();
  const outputs = results.map((result) => result.dataSync<'float32'>());
  const ms = performance.now() - start;
  const copies = outputs.map((values) => values.slice());
  tf.dispose(results);
  return {ms, outputs: copies};
}
