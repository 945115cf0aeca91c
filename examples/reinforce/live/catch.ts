/**
 * Catch, a small game: drops fall on a plane of pixels, and a paddle at its bottom catches them. What it looks like and
 * how it goes on; who plays it is not its affair.
 */
import type {Plane} from '../../atari/preprocess';
import type {Random} from '../random';

/** Left, stay, right: what the paddle can do in a step. */
export const ACTIONS = 3;

/** In pixels, and pixels a step. */
const DROP = 3;
const FALL = 2;
const PADDLE = {width: 7, height: 2, speed: 2};

/** Steps from one drop to the next. */
const INTERVAL = 12;

/** Of both sprites; the ground is 0. */
const BRIGHT = 1;

interface Drop {
  readonly left: number;
  top: number;
}

export class Catch {
  private drops: Drop[] = [];
  private left: number;
  private steps = 0;

  constructor(
    private readonly plane: Plane,
    private readonly random: Random,
  ) {
    this.left = this.anywhere(PADDLE.width);
    this.release();
  }

  /** A fresh picture of the plane, row by row. */
  frame(): Float32Array {
    const {height, width} = this.plane;
    const pixels = new Float32Array(height * width);
    const fill = (top: number, left: number, rows: number, columns: number) => {
      for (let y = top; y < top + rows; y++)
        pixels.fill(BRIGHT, y * width + left, y * width + left + columns);
    };
    for (const {top, left} of this.drops) fill(top, left, DROP, DROP);
    fill(this.paddleTop, this.left, PADDLE.height, PADDLE.width);
    return pixels;
  }

  /**
   * One step on: the paddle moves, then the drops fall. A drop that is down is caught if any part of it is over the paddle.
   * @param action 0 to 2: left, stay, right
   * @returns 1 for each drop caught, −1 for each one missed
   */
  step(action: number): number {
    const farthest = this.plane.width - PADDLE.width;
    this.left = Math.min(farthest, Math.max(0, this.left + (action - 1) * PADDLE.speed));
    this.drops.forEach((drop) => (drop.top += FALL));
    const down = this.drops.filter(({top}) => top + DROP > this.paddleTop);
    this.drops = this.drops.filter((drop) => !down.includes(drop));
    if (++this.steps % INTERVAL === 0) this.release();
    return down.reduce((reward, drop) => reward + (this.isOver(drop) ? 1 : -1), 0);
  }

  private get paddleTop(): number {
    return this.plane.height - PADDLE.height;
  }

  private isOver({left}: Drop): boolean {
    return left + DROP > this.left && left < this.left + PADDLE.width;
  }

  private release(): void {
    this.drops.push({left: this.anywhere(DROP), top: 0});
  }

  private anywhere(width: number): number {
    return Math.floor(this.random() * (this.plane.width - width + 1));
  }
}
