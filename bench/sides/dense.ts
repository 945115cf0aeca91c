/** The model as it is, on one of tfjs's backends. */
import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Backend} from '../../examples/atari/backend';
import {timed, type Kind, type Side} from './side';

/** @param kind `steady` has every frame timed, for a side that it is to be compared with frame by frame */
export function denseSide(model: LayersModel, backend: Backend, kind: Kind): Side {
  return {
    id: `dense-${backend}`,
    kind,
    backend,
    promises: 'close',
    cut: () => undefined,
    predict: ({tensor}) => timed(() => model.predict(tensor) as tf.Tensor),
    dispose: () => undefined,
  };
}
