/** Films made up, as a codec leaves them: blocks that are quantised anew now and then, and otherwise repeat. Not a test. */
import {numbers} from '../importers/helpers';
import {HEIGHT, WIDTH, SHAPE} from './clip';

const BLOCK = 4;
/** What one of 255 grey levels is in these films. */
export const LEVEL = 1 / 255;
/** A quantised value is off by half of this at most, and jumps by all of it. */
export const STEP = 4 * LEVEL;
/** Standard deviation of a value that is quantised with any offset. */
export const CODED_NOISE = STEP / Math.sqrt(12);
/** Every so many frames all blocks are quantised anew. */
export const KEY_FRAMES = 6;
/** In the others this share of the blocks is, and all blocks in which something moved. */
const REFRESHED = 0.03;

const [, , CHANNELS] = SHAPE;

/** Frames of a bright square that moves to the right over a still background, from 0 to 1, without noise. */
export function exactFilm(frames: number): Float32Array[] {
  const background = numbers(HEIGHT * WIDTH * CHANNELS, 3).map((value) => 0.3 * (value + 1));
  return Array.from({length: frames}, (_, t) => {
    const frame = background.slice();
    for (let y = 4; y < 9; y++) {
      for (let x = 0; x < 5; x++) {
        const at = (y * WIDTH + ((x + t) % WIDTH)) * CHANNELS;
        frame.fill(1, at, at + CHANNELS);
      }
    }
    return frame;
  });
}

/** The same as a codec leaves it. */
export function codedFilm(count: number): Float32Array[] {
  const frames = exactFilm(count);
  const shown = new Float32Array(HEIGHT * WIDTH * CHANNELS);
  return frames.map((frame, t) => {
    const random = numbers((2 * HEIGHT * WIDTH) / BLOCK ** 2, 700 + t);
    let drawn = 0;
    for (let top = 0; top < HEIGHT; top += BLOCK) {
      for (let left = 0; left < WIDTH; left += BLOCK) {
        const at = placesOf(top, left);
        const [chance, offset] = [random[drawn++], random[drawn++]].map((value) => (value + 1) / 2);
        const moved = t > 0 && at.some((i) => frame[i] !== frames[t - 1][i]);
        if (t % KEY_FRAMES !== 0 && !moved && chance > REFRESHED) continue;
        for (const i of at) shown[i] = STEP * (Math.round(frame[i] / STEP + offset) - offset);
      }
    }
    return shown.slice();
  });
}

function placesOf(top: number, left: number): number[] {
  return Array.from({length: BLOCK * BLOCK * CHANNELS}, (_, i) => {
    const [pixel, channel] = [Math.floor(i / CHANNELS), i % CHANNELS];
    const [y, x] = [top + Math.floor(pixel / BLOCK), left + (pixel % BLOCK)];
    return (y * WIDTH + x) * CHANNELS + channel;
  });
}
