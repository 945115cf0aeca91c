/** Painting over, and putting what the network says in its place. */
import type {Picture} from './images';
import {pixelsOf, type Square} from './squares';

/** Red, green, blue, and whether the pixel is painted over: black paint alone could be a black picture. */
export const CHANNELS = 4;

/** A frame for the network: painted pixels are 0 and marked by a 1. */
export function painted(picture: Picture, squares: readonly Square[]): Float32Array {
  const frame = unpainted(picture);
  paint(frame, picture.width, squares);
  return frame;
}

/** A frame for each square, painted over there alone. */
export function variants(picture: Picture, squares: readonly Square[]): Float32Array[] {
  const base = unpainted(picture);
  return squares.map((square) => {
    const frame = base.slice();
    paint(frame, picture.width, [square]);
    return frame;
  });
}

function unpainted({values}: Picture): Float32Array {
  const frame = new Float32Array((values.length / 3) * CHANNELS);
  for (let from = 0, to = 0; from < values.length; from += 3, to += CHANNELS) {
    frame.set(values.subarray(from, from + 3), to);
  }
  return frame;
}

function paint(frame: Float32Array, width: number, squares: readonly Square[]): void {
  for (const square of squares) {
    for (const pixel of pixelsOf(square, width)) frame.set([0, 0, 0, 1], pixel * CHANNELS);
  }
}

/** The picture with the squares as they are in `values`, red, green and blue of each pixel. */
export function filled(picture: Picture, squares: readonly Square[], values: ArrayLike<number>): Picture {
  const copy = picture.values.slice();
  for (const square of squares) {
    for (const pixel of pixelsOf(square, picture.width)) {
      for (let c = 3 * pixel; c < 3 * pixel + 3; c++) copy[c] = values[c];
    }
  }
  return {...picture, values: copy};
}
