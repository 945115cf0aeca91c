/** What is reported of a recorded game, and of all of them together. Plain data, as it goes to JSON. */
import {mean} from '../../atari/figures';
import type {Game} from '../../atari/games';

/** Times are those of an episode: forwards frame by frame, backwards, and the update of the weights. */
export interface Measured {
  /** Frames of an episode. */
  readonly frames: number;
  /** Shares of the network's input, 0 to 1: pixels that changed, and the one rectangle around them. */
  readonly changed: number;
  readonly rectangle: number;
  readonly forwardMs: number;
  readonly backwardMs: number;
  /** Without reuse on the same engine, scaled up from a part. */
  readonly denseForwardMs: number;
  readonly denseBackwardMs: number;
  /** Of the weights; the same for all sides. */
  readonly updateMs: number;
  /** In plain tfjs, scaled up from a part; null where the backend cannot train convolutions. */
  readonly plainMs: number | null;
  /** Multiply-adds of a frame forwards: of all pixels, and of those truly affected. */
  readonly denseMacs: number;
  readonly affectedMacs: number;
  /** Bytes held until the gradients are there, with reuse and without, on the engine. */
  readonly bytes: number;
  readonly denseBytes: number;
  /** The largest difference of a gradient from a dense one, relative to its length. */
  readonly difference: number;
}

/** What follows from it. */
export interface Ratios {
  readonly reuseMs: number;
  readonly denseMs: number;
  readonly speedUp: number;
  /** Over plain tfjs. */
  readonly plainSpeedUp: number | null;
  /** Multiply-adds of a dense frame over those of the pixels truly affected. */
  readonly ideal: number;
  /** Speed-up over ideal speed-up; 0 where nothing changed, and the ideal has no bound. */
  readonly efficiency: number;
}

export interface Figures extends Measured, Ratios {
  /** A game, or what stands in its place in the last row. */
  readonly name: string;
}

export interface GameFigures extends Figures {
  readonly name: Game;
  /** Episodes that the means are of. */
  readonly updates: number;
  /** Those with made-up rewards. */
  readonly madeUp: number;
}

export function withRatios<T extends Measured>(measured: T): T & Ratios {
  const {forwardMs, backwardMs, denseForwardMs, denseBackwardMs, updateMs, plainMs} = measured;
  const reuseMs = forwardMs + backwardMs + updateMs;
  const denseMs = denseForwardMs + denseBackwardMs + updateMs;
  const speedUp = denseMs / reuseMs;
  const ideal = measured.denseMacs / measured.affectedMacs;
  const plainSpeedUp = plainMs === null ? null : plainMs / reuseMs;
  return {...measured, reuseMs, denseMs, speedUp, plainSpeedUp, ideal, efficiency: speedUp / ideal};
}

/** Means over games; the ratios are of the means, not means of ratios. The difference is the largest of all. */
export function overall(games: readonly Figures[]): Figures {
  return withRatios({name: 'Mean', ...meanOf(games)});
}

/** Plain tfjs has a mean only where all have a time of it. */
export function meanOf(all: readonly Measured[]): Measured {
  const of = (key: keyof Measured) => mean(all.map((one) => one[key] ?? NaN));
  return {
    frames: of('frames'),
    changed: of('changed'),
    rectangle: of('rectangle'),
    forwardMs: of('forwardMs'),
    backwardMs: of('backwardMs'),
    denseForwardMs: of('denseForwardMs'),
    denseBackwardMs: of('denseBackwardMs'),
    updateMs: of('updateMs'),
    plainMs: all.some(({plainMs}) => plainMs === null) ? null : of('plainMs'),
    denseMacs: of('denseMacs'),
    affectedMacs: of('affectedMacs'),
    bytes: of('bytes'),
    denseBytes: of('denseBytes'),
    difference: Math.max(...all.map(({difference}) => difference)),
  };
}
