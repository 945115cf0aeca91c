/** The model with reuse: from frame to frame, and with nothing to reuse. */
import type * as tf from '@tensorflow/tfjs-core';
import type {ReuseModel} from '../../../src';
import type {Backend} from '../backend';
import {timed, type Side, type Timed} from './side';

export function reuseSide(reuse: ReuseModel, backend: Backend): Side<Timed> {
  return {
    backend,
    cut: () => reuse.cache.clear(),
    predict: ({tensor}) => timed(() => reuse.predict(tensor) as tf.Tensor),
    dispose: () => reuse.dispose(),
  };
}

/**
 * The cache is emptied before each frame.
 * @param reuse with the policy 'incremental', so that no frame is left to the model
 */
export function fullSide(reuse: ReuseModel, backend: Backend): Side<Timed> {
  const side = reuseSide(reuse, backend);
  return {
    ...side,
    predict: (input) => {
      reuse.cache.clear();
      return side.predict(input);
    },
  };
}
