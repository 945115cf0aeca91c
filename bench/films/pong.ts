/** A stretch of a recorded game as pictures, and what the paper's networks see of such a picture. */
import {inputPlane} from '../../examples/atari/preprocess';
import type {Recording} from '../../examples/atari/recording';
import type {Picture} from '../../examples/camera/pictures';

/** Consecutive screens from the middle of the recording, in colour. */
export function screensOf({header, screens}: Recording, count: number): Picture[] {
  const {height, width, palette, frames} = header;
  const from = Math.max(0, (frames - count) >> 1);
  const pictures: Picture[] = [];
  let at = 0;
  for (const screen of screens()) {
    if (at++ < from) continue;
    const values = new Uint8Array(3 * screen.length);
    screen.forEach((index, pixel) => values.set(palette[index], 3 * pixel));
    pictures.push({height, width, values});
    if (pictures.length === count) break;
  }
  return pictures;
}

/** The red channel of every 2nd row and column, 0 to 255. */
export function redOf(picture: Picture): Float32Array {
  const {height, width} = inputPlane(picture, 2);
  const frame = new Float32Array(height * width);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) frame[i] = picture.values[3 * (2 * y * picture.width + 2 * x)];
  }
  return frame;
}
