/** What a network makes of a picture whose held-out squares are painted over, and how far that is from the original. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Picture} from './images';
import {CHANNELS, filled, painted} from './painting';
import {pixelsOf, type Square} from './squares';
import type {Subject} from './subjects';

/** A picture in four states, and the mean squared errors in its squares. */
export interface Restored {
  readonly name: string;
  /** Whether other squares of it were trained with. */
  readonly isTrained: boolean;
  readonly pictures: {
    readonly painted: Picture;
    readonly before: Picture;
    readonly after: Picture;
    readonly original: Picture;
  };
  readonly errors: {
    /** Before and after training. */
    readonly before: number;
    readonly after: number;
    /** Each square filled with the mean colour of the pixels around it: what can be had without a network. */
    readonly flat: number;
  };
}

export function restore(
  {picture, heldOut}: Subject,
  isTrained: boolean,
  untrained: LayersModel,
  trained: LayersModel,
): Restored {
  const fill = (values: ArrayLike<number>) => filled(picture, heldOut, values);
  const [before, after] = [untrained, trained].map((model) => fill(predict(model, picture, heldOut)));
  const errorOf = ({values}: Picture) => meanSquaredError(picture, heldOut, values);
  return {
    name: picture.name,
    isTrained,
    pictures: {painted: fill(new Float32Array(picture.values.length)), before, after, original: picture},
    errors: {before: errorOf(before), after: errorOf(after), flat: errorOf(flatlyFilled(picture, heldOut))},
  };
}

function predict(model: LayersModel, picture: Picture, squares: readonly Square[]): Float32Array {
  const {height, width} = picture;
  return tf.tidy(() => {
    const frame = tf.tensor4d(painted(picture, squares), [1, height, width, CHANNELS]);
    return (model.predict(frame) as tf.Tensor).dataSync<'float32'>().slice();
  });
}

function meanSquaredError({values, width}: Picture, squares: readonly Square[], found: Float32Array): number {
  let [sum, count] = [0, 0];
  for (const square of squares) {
    for (const pixel of pixelsOf(square, width)) {
      for (let c = 3 * pixel; c < 3 * pixel + 3; c++, count++) sum += (found[c] - values[c]) ** 2;
    }
  }
  return sum / count;
}

function flatlyFilled(picture: Picture, squares: readonly Square[]): Picture {
  return squares.reduce((found, square) => {
    const values = new Float32Array(picture.values.length);
    const colour = colourAround(picture, square);
    for (const pixel of pixelsOf(square, picture.width)) values.set(colour, 3 * pixel);
    return filled(found, [square], values);
  }, picture);
}

/** The mean colour of the ring of pixels around a square, as far as it lies in the picture. */
function colourAround({values, height, width}: Picture, {top, left, size}: Square): number[] {
  const sums = [0, 0, 0];
  let count = 0;
  for (let y = Math.max(0, top - 1); y <= Math.min(height - 1, top + size); y++) {
    for (let x = Math.max(0, left - 1); x <= Math.min(width - 1, left + size); x++) {
      if (y >= top && y < top + size && x >= left && x < left + size) continue;
      sums.forEach((_, c) => (sums[c] += values[3 * (y * width + x) + c]));
      count++;
    }
  }
  return sums.map((sum) => sum / count);
}
