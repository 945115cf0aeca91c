/** A convolution's filter as ONNX has it. */
import type {OnnxTensor} from './writer';

/**
 * From rows, columns, inputs, outputs to outputs, inputs, rows, columns.
 * @param inputs of one output: 1 where each channel is convolved by itself
 */
export function filterTensor(
  name: string,
  filter: Float32Array,
  [height, width]: readonly [number, number],
  inputs: number,
  outputs: number,
): OnnxTensor {
  const taps = height * width;
  const values = new Float32Array(filter.length);
  for (let tap = 0, from = 0; tap < taps; tap++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) values[(o * inputs + i) * taps + tap] = filter[from++];
    }
  }
  return {name, dims: [outputs, inputs, height, width], values};
}
