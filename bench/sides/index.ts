/** Which sides there are, and how all of them are made ready for one network. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Backend} from '../../examples/atari/backend';
import {buildNetwork, type NetworkSize} from '../../examples/atari/network';
import type {OnnxRuntime} from '../../examples/atari/onnx/runtime';
import type {Settings} from '../results';
import {modelSide, onnxSides} from './dense';
import {autoSide, engineSides} from './reuse';
import {SIDE_IDS, type Side} from './side';

export * from './side';

/** What takes part. */
export interface Field {
  /** tfjs's backends that are there, wasm among them: the engine runs beside it. */
  readonly backends: readonly Backend[];
  readonly onnx: OnnxRuntime | null;
}

export interface Contest {
  /** In the order of the tables. */
  readonly sides: readonly Side[];
  /** The side that the others' results are compared with. */
  readonly reference: Side;
  /** The model on the reference's backend. */
  readonly model: LayersModel;
  dispose(): Promise<void>;
}

export async function openContest(
  size: NetworkSize,
  {backends, onnx}: Field,
  engine: Settings['engine'],
): Promise<Contest> {
  const models = new Map<Backend, LayersModel>();
  const sides: Side[] = [];
  for (const backend of backends) {
    await tf.setBackend(backend);
    const model = buildNetwork(size);
    models.set(backend, model);
    sides.push(modelSide(model, backend));
    if (backend === 'wasm') sides.push(...engineSides(model, backend, engine));
    sides.push(autoSide(model, backend, engine));
  }
  if (onnx) {
    await tf.setBackend('wasm');
    sides.push(...(await onnxSides(onnx, models.get('wasm')!, 'wasm', size)));
  }
  sides.sort((a, b) => SIDE_IDS.indexOf(a.id) - SIDE_IDS.indexOf(b.id));
  // TensorFlow's is the fastest of the models themselves.
  const backend = models.has('tensorflow') ? 'tensorflow' : 'wasm';
  return {
    sides,
    reference: sides.find(({id}) => id === `dense-${backend}`)!,
    model: models.get(backend)!,
    dispose: () => disposeAll(sides, models),
  };
}

async function disposeAll(sides: readonly Side[], models: ReadonlyMap<Backend, LayersModel>): Promise<void> {
  for (const side of sides) {
    await tf.setBackend(side.backend);
    await side.dispose();
  }
  for (const [backend, model] of models) {
    await tf.setBackend(backend);
    model.dispose();
  }
}
