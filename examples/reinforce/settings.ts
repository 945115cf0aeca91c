/** What a run was asked to do, and lines that say so. */
import type {Backend} from '../atari/backend';
import type {Game} from '../atari/games';
import type {LiveSettings} from './live/compare';
import type {CompareSettings} from './recorded/compare';

export const PARTS = ['both', 'recorded', 'live'] as const;
export type Part = (typeof PARTS)[number];

export interface Settings {
  readonly part: Part;
  readonly backend: Backend;
  readonly games: readonly Game[];
  readonly recorded: CompareSettings;
  readonly live: LiveSettings;
}

/** Where things are read from and written to. */
export interface Paths {
  /** A folder of original recordings, in place of those that come with the sibling example. */
  readonly data?: string;
  readonly json?: string;
  readonly report?: string;
}

export const plays = ({part}: Settings, one: Exclude<Part, 'both'>): boolean =>
  part === 'both' || part === one;

export function describeRecorded({games, recorded, backend}: Settings): string {
  const {filters, downsample, steps, updates} = recorded;
  const count = games.length === 1 ? games[0] : `${games.length} games`;
  return (
    `${count}, ${counted(updates, 'episode')} of ${steps} frames each, every ` +
    `${downsample === 2 ? '2nd' : '4th'} row and column, ${filters.join('/')} filters, backend ${backend}`
  );
}

export function describeLive({live, backend}: Settings): string {
  const {plane, games, steps, filters, updates, denseUpdates, seed} = live;
  return (
    `Catch on ${plane.height} × ${plane.width} pixels, ${counted(updates, 'update')} (${denseUpdates} without reuse) of ` +
    `${counted(games, 'game')} of ${steps} steps, ${filters.join('/')} filters, seed ${seed}, backend ${backend}`
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
