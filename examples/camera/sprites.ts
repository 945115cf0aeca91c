/**
 * A clip without noise: two sprites that move over a still picture, as in a game or a drawing. What is behind them comes
 * back to the bit.
 */
import type {Picture} from './pictures';

/** Pixels of a side. */
const SIDE = 24;

interface Sprite {
  readonly start: {readonly y: number; readonly x: number};
  /** Pixels a frame. A sprite that leaves on one side comes back on the other. */
  readonly step: {readonly y: number; readonly x: number};
  readonly colours: readonly [readonly number[], readonly number[]];
}

/** Places are shares of the picture's size. */
const SPRITES: readonly Sprite[] = [
  {
    start: {y: 0.3, x: 0.2},
    step: {y: 3, x: 6},
    colours: [
      [230, 60, 40],
      [250, 220, 90],
    ],
  },
  {
    start: {y: 0.7, x: 0.8},
    step: {y: 0, x: -4},
    colours: [
      [40, 90, 220],
      [240, 240, 240],
    ],
  },
];

/** @param still at the size that the clip is to have: sprites are drawn pixel by pixel, not made larger or smaller */
export function spriteFrames(still: Picture, frames: number): Picture[] {
  return Array.from({length: frames}, (_, at) => {
    const values = still.values.slice();
    SPRITES.forEach((sprite) => draw({...still, values}, sprite, at));
    return {...still, values};
  });
}

function draw({height, width, values}: Picture, {start, step, colours}: Sprite, at: number): void {
  const top = Math.round(start.y * height) + at * step.y;
  const left = Math.round(start.x * width) + at * step.x;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const pixel = wrap(top + y, height) * width + wrap(left + x, width);
      // Squares of 6 pixels in two colours: a sprite has edges within, not only around it.
      values.set(colours[(Math.floor(y / 6) + Math.floor(x / 6)) % 2], 3 * pixel);
    }
  }
}

function wrap(at: number, length: number): number {
  return ((at % length) + length) % length;
}
