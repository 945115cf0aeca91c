/** What is reported of a game, and of all games together; and the arithmetic of means. Plain data, as it goes to JSON. */
import type {Game} from './games';

export interface Figures {
  /** A game, or what stands in its place in the last row. */
  readonly name: string;
  /** Shares of the network's input, 0 to 1: pixels that changed, and the one rectangle around them. */
  readonly changed: number;
  readonly rectangle: number;
  /** Multiply-adds done with reuse, a share of those of a dense frame. */
  readonly recomputed: number;
  /** Mean time of a frame. */
  readonly denseMs: number;
  readonly reuseMs: number;
  /** Median time of a frame. */
  readonly denseMedianMs: number;
  readonly reuseMedianMs: number;
  readonly speedUp: number;
  /** Multiply-adds of a dense frame over those of the pixels truly affected. */
  readonly ideal: number;
  /** Speed-up over ideal speed-up; 0 where nothing changed, and the ideal has no bound. */
  readonly efficiency: number;
  /** The largest difference of any result, relative to its largest magnitude. */
  readonly difference: number;
  readonly denseMacs: number;
  /** Of the pixels truly affected, the mean of a frame. */
  readonly affectedMacs: number;
}

export interface GameFigures extends Figures {
  readonly name: Game;
  /** Frames that the means are of: all but the first of each stretch. */
  readonly frames: number;
  /** How many frames were computed in which way. */
  readonly paths: Readonly<Record<string, number>>;
}

/** What was measured, from which the rest follows. */
export type Measured = Omit<Figures, 'name' | 'speedUp' | 'ideal' | 'efficiency'>;

export function withRatios<T extends Measured>(
  measured: T,
): T & Pick<Figures, 'speedUp' | 'ideal' | 'efficiency'> {
  const speedUp = measured.denseMs / measured.reuseMs;
  const ideal = measured.denseMacs / measured.affectedMacs;
  return {...measured, speedUp, ideal, efficiency: speedUp / ideal};
}

/** Means over games; the ratios are of the means, not means of ratios. The difference is the largest of all. */
export function overall(games: readonly Figures[]): Figures {
  const of = (key: keyof Measured) => mean(games.map((game) => game[key]));
  return withRatios({
    name: 'Mean',
    changed: of('changed'),
    rectangle: of('rectangle'),
    recomputed: of('recomputed'),
    denseMs: of('denseMs'),
    reuseMs: of('reuseMs'),
    denseMedianMs: of('denseMedianMs'),
    reuseMedianMs: of('reuseMedianMs'),
    denseMacs: of('denseMacs'),
    affectedMacs: of('affectedMacs'),
    difference: Math.max(...games.map(({difference}) => difference)),
  });
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
