/** Frames as what a side takes, for as long as it is its turn. */
import * as tf from '@tensorflow/tfjs-core';
import type {Plane} from '../preprocess';
import type {FrameInput, Side} from './side';

/** Makes the side's backend the one in use. */
export async function withInputs<T>(
  {backend}: Pick<Side, 'backend'>,
  {height, width}: Plane,
  frames: readonly Float32Array[],
  use: (inputs: FrameInput[]) => T | Promise<T>,
): Promise<T> {
  await tf.setBackend(backend);
  const inputs = frames.map((pixels) => ({
    pixels,
    tensor: tf.tensor4d(pixels.slice(), [1, height, width, 1]),
  }));
  try {
    return await use(inputs);
  } finally {
    inputs.forEach(({tensor}) => tensor.dispose());
  }
}
