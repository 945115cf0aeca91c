/** What is reported of a game, and of all games together; and the arithmetic of means. Plain data, as it goes to JSON. */
import type {Game} from './games';
import type {PeerName} from './peers/names';

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
  /** Of reuse over the model itself. */
  readonly speedUp: number;
  /** Mean time of a frame that the engine of reuse computes with nothing reused. */
  readonly fullMs: number;
  /** Mean time of a frame of each peer that took part. */
  readonly peerMs: Readonly<Partial<Record<PeerName, number>>>;
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
export type Measured = Omit<Figures, 'name' | 'speedUp'>;

export function withSpeedUp<T extends Measured>(measured: T): T & Pick<Figures, 'speedUp'> {
  return {...measured, speedUp: measured.denseMs / measured.reuseMs};
}

/** Means over games; the speed-up is of the means, not a mean of speed-ups. The difference is the largest of all. */
export function overall(games: readonly Figures[]): Figures {
  const of = (key: Exclude<keyof Measured, 'peerMs'>) => mean(games.map((game) => game[key]));
  return withSpeedUp({
    name: 'Mean',
    changed: of('changed'),
    rectangle: of('rectangle'),
    recomputed: of('recomputed'),
    denseMs: of('denseMs'),
    reuseMs: of('reuseMs'),
    denseMedianMs: of('denseMedianMs'),
    reuseMedianMs: of('reuseMedianMs'),
    fullMs: of('fullMs'),
    peerMs: meanOfPeers(games),
    denseMacs: of('denseMacs'),
    affectedMacs: of('affectedMacs'),
    difference: Math.max(...games.map(({difference}) => difference)),
  });
}

/** The same peers take part in all games. */
function meanOfPeers(games: readonly Figures[]): Figures['peerMs'] {
  const names = Object.keys(games[0].peerMs) as PeerName[];
  return Object.fromEntries(names.map((name) => [name, mean(games.map(({peerMs}) => peerMs[name]!))]));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
