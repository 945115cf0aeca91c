/** The model as it is, on one of tfjs's backends. */
import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Backend} from '../backend';
import {timed, type Side, type Timed} from './side';

export function denseSide(model: LayersModel, backend: Backend): Side<Timed> {
  return {
    backend,
    cut: () => undefined,
    predict: ({tensor}) => timed(() => model.predict(tensor) as tf.Tensor),
    dispose: () => undefined,
  };
}
