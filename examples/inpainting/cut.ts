/**
 * Cutting a square out of each frame's plane, differentiably. tf.slice does that too, but a frame at a time, and each one's
 * gradient is zeros as large as the plane: with some dozens of frames, most of the time of a lesson.
 */
import * as tf from '@tensorflow/tfjs-core';
import {pixelsOf, type Square} from './squares';

const COLOURS = 3;

/**
 * @param planes [frames, height, width, 3]
 * @param squares one for each frame, all of one size
 * @returns [frames, size, size, 3]
 */
export function cutSquares(planes: tf.Tensor, squares: readonly Square[]): tf.Tensor {
  const cut = tf.customGrad((x) => {
    const {shape} = x as tf.Tensor;
    return {
      value: pickSquares((x as tf.Tensor).dataSync<'float32'>(), shape, squares),
      gradFunc: (dy: tf.Tensor) => putSquares(dy.dataSync<'float32'>(), shape, squares),
    };
  });
  return cut(planes);
}

function pickSquares(values: Float32Array, shape: number[], squares: readonly Square[]): tf.Tensor {
  const [{size}] = squares;
  const picked = new Float32Array(squares.length * size ** 2 * COLOURS);
  forEachPixel(shape, squares, (plane, square) => {
    for (let c = 0; c < COLOURS; c++) picked[square + c] = values[plane + c];
  });
  return tf.tensor(picked, [squares.length, size, size, COLOURS]);
}

/** Where `pickSquares` picked from, the values that go there; 0 elsewhere. */
function putSquares(values: Float32Array, shape: number[], squares: readonly Square[]): tf.Tensor {
  const put = new Float32Array(tf.util.sizeFromShape(shape));
  forEachPixel(shape, squares, (plane, square) => {
    for (let c = 0; c < COLOURS; c++) put[plane + c] = values[square + c];
  });
  return tf.tensor(put, shape);
}

/** @param visit told where a pixel's colours begin, in all planes and in all squares */
function forEachPixel(
  [, height, width]: number[],
  squares: readonly Square[],
  visit: (plane: number, square: number) => void,
): void {
  let at = 0;
  squares.forEach((square, frame) => {
    for (const pixel of pixelsOf(square, width)) {
      visit(COLOURS * (frame * height * width + pixel), at);
      at += COLOURS;
    }
  });
}
