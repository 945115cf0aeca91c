/** What one update learns from: a picture painted over in many places, one at a time; and the loss of what comes out. */
import * as tf from '@tensorflow/tfjs-core';
import {cutSquares} from './cut';
import type {Picture} from './images';
import {variants} from './painting';
import type {Random} from '../reinforce/random';
import {drawSquare, pixelsOf, type Square} from './squares';
import type {Subject} from './subjects';

export interface Lesson {
  readonly picture: Picture;
  /** What is painted over in each frame. */
  readonly squares: readonly Square[];
  readonly frames: readonly Float32Array[];
  /** Values that the loss is the mean of, over all frames: not the part's alone, so that losses of parts add up. */
  readonly count: number;
}

export interface LessonSettings {
  /** Frames of a lesson. */
  readonly variants: number;
  /** Side of the square that is painted over in each. */
  readonly area: number;
}

export function drawLesson(
  {picture, heldOut}: Subject,
  {variants: frames, area}: LessonSettings,
  random: Random,
): Lesson {
  const squares = Array.from({length: frames}, () => drawSquare(picture, area, heldOut, random));
  return {picture, squares, frames: variants(picture, squares), count: 3 * frames * area ** 2};
}

/** The frames from one to before another, as a part of the lesson. */
export function partOf(lesson: Lesson, from: number, to: number): Lesson {
  return {...lesson, squares: lesson.squares.slice(from, to), frames: lesson.frames.slice(from, to)};
}

/** Mean squared error over what was painted over. The rest of the picture is there anyway, and no concern of the network. */
export function inpaintingLoss(outputs: tf.Tensor, {picture, squares, count}: Lesson): tf.Scalar {
  return tf.tidy(() => {
    const restored = cutSquares(outputs, squares);
    const errors = tf.sub(restored, tf.tensor(wantedValues(picture, squares), restored.shape));
    return tf.div(tf.sum(tf.square(errors)), count) as tf.Scalar;
  });
}

function wantedValues({values, width}: Picture, squares: readonly Square[]): number[] {
  const pixels = squares.flatMap((square) => [...pixelsOf(square, width)]);
  return pixels.flatMap((pixel) => [...values.subarray(3 * pixel, 3 * pixel + 3)]);
}
