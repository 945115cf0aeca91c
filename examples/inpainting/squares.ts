/**
 * Where pictures are painted over. Some squares of each picture are held out: nothing in them is ever painted over for
 * training, so that restoring them is not a matter of having learnt them by heart.
 */
import type {Picture} from './images';
import {below, type Random} from '../reinforce/random';

export interface Square {
  readonly top: number;
  readonly left: number;
  readonly size: number;
}

type Plane = Pick<Picture, 'height' | 'width'>;

/** Rows and columns of held-out squares: one in each cell of such a grid. */
const GRID = 3;

/** The largest squares that are let through: larger ones would hardly leave a place that is not held out. */
export const LARGEST = 16;

export function heldOutSquares({height, width}: Plane, size: number, random: Random): Square[] {
  const [rows, columns] = [Math.floor(height / GRID), Math.floor(width / GRID)];
  return Array.from({length: GRID * GRID}, (_, i) => ({
    top: Math.floor(i / GRID) * rows + below(rows - size + 1, random),
    left: (i % GRID) * columns + below(columns - size + 1, random),
    size,
  }));
}

/** A place anywhere in the plane but on what is held out. */
export function drawSquare(
  {height, width}: Plane,
  size: number,
  heldOut: readonly Square[],
  random: Random,
): Square {
  for (;;) {
    const square = {top: below(height - size + 1, random), left: below(width - size + 1, random), size};
    if (!heldOut.some((other) => overlap(square, other))) return square;
  }
}

export function overlap(one: Square, other: Square): boolean {
  return (
    one.top < other.top + other.size &&
    other.top < one.top + one.size &&
    one.left < other.left + other.size &&
    other.left < one.left + one.size
  );
}

/** Indices of a square's pixels in a plane of this width. */
export function* pixelsOf({top, left, size}: Square, width: number): Generator<number, void, undefined> {
  for (let y = top; y < top + size; y++) {
    for (let x = left; x < left + size; x++) yield y * width + x;
  }
}
