/** The network once more, in float64 and as plainly as can be: slow, and only to judge how far float32 results are off. */
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {KERNEL, type NetworkSize} from './network';

interface Activation {
  readonly values: Float64Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The probabilities of the actions for a frame. Reads the model's weights each time. */
export function reference(model: LayersModel, size: NetworkSize, pixels: ArrayLike<number>): Float64Array {
  const [kernel1, bias1, kernel2, bias2, head] = model.getWeights().map((weight) => weight.dataSync());
  const input = {values: Float64Array.from(pixels), height: size.height, width: size.width, channels: 1};
  const hidden = convolve(convolve(input, kernel1, bias1), kernel2, bias2);
  return softmax(multiply(hidden.values, head, size.actions));
}

function convolve(input: Activation, kernel: ArrayLike<number>, bias: ArrayLike<number>): Activation {
  const height = input.height - KERNEL + 1;
  const width = input.width - KERNEL + 1;
  const channels = bias.length;
  const values = new Float64Array(height * width * channels);
  for (let y = 0, out = 0; y < height; y++) {
    for (let x = 0; x < width; x++, out += channels) {
      const sums = values.subarray(out, out + channels);
      sums.set(Float64Array.from(bias));
      addWindow(sums, input, y, x, kernel);
      for (let c = 0; c < channels; c++) sums[c] = Math.max(0, sums[c]);
    }
  }
  return {values, height, width, channels};
}

/** The kernel lies as tfjs has it: rows, columns, input channels, output channels. */
function addWindow(
  sums: Float64Array,
  input: Activation,
  y: number,
  x: number,
  kernel: ArrayLike<number>,
): void {
  let weight = 0;
  for (let ky = 0; ky < KERNEL; ky++) {
    const start = ((y + ky) * input.width + x) * input.channels;
    for (let i = 0; i < KERNEL * input.channels; i++) {
      const value = input.values[start + i];
      for (let c = 0; c < sums.length; c++) sums[c] += value * kernel[weight++];
    }
  }
}

function multiply(values: Float64Array, matrix: ArrayLike<number>, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  values.forEach((value, i) => {
    for (let c = 0; c < columns; c++) sums[c] += value * matrix[i * columns + c];
  });
  return sums;
}

function softmax(logits: Float64Array): Float64Array {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
