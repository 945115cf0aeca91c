/** A batch taken apart into frames, and frames' outputs put together again. */
import * as tf from '@tensorflow/tfjs-core';

/** The frames of a batch, one tensor [1, …] for each input; the batch itself where it is one frame. */
export function frameOf(tensors: readonly tf.Tensor[], row: number, rows: number): tf.Tensor[] {
  if (rows === 1) return [...tensors];
  return tensors.map((tensor) => {
    const rest = tensor.shape.slice(1);
    return tf.slice(tensor, [row, ...rest.map(() => 0)], [1, ...rest]);
  });
}

/** Outputs [1, …] of each frame as one batch; gives back the single frames. */
export function joinFrames(frames: readonly tf.Tensor[][]): tf.Tensor[] {
  if (frames.length === 1) return frames[0];
  const joined = frames[0].map((_, i) =>
    tf.concat(
      frames.map((outputs) => outputs[i]),
      0,
    ),
  );
  frames.forEach((outputs) => outputs.forEach((output) => output.dispose()));
  return joined;
}
