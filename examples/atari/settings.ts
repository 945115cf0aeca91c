/** What a run was asked to do, and a line that says so. */
import type {CompareSettings} from './compare';
import type {Game} from './games';

export interface Settings extends CompareSettings {
  readonly games: readonly Game[];
}

/** Where things are read from and written to. */
export interface Paths {
  /** A folder of original recordings, in place of those that come with this example. */
  readonly data?: string;
  readonly json?: string;
  readonly report?: string;
}

export function describe({games, filters, downsample, steps, backend, engine, policy}: Settings): string {
  const count = games.length === 1 ? games[0] : `${games.length} games`;
  return (
    `${count}, ${steps} steps each, every ${downsample === 2 ? '2nd' : '4th'} row and column, ` +
    `${filters.join('/')} filters, backend ${backend}, engine ${engine}, policy ${policy}`
  );
}
