/** What a run was asked to do, and a line that says so. */
import type {Backend} from '../atari/backend';
import type {CompareSettings} from './compare';

export interface Settings extends CompareSettings {
  readonly backend: Backend;
}

/** Where things are written to. */
export interface Paths {
  readonly json?: string;
  readonly report?: string;
}

export function describe(settings: Settings): string {
  const {updates, denseUpdates, variants, area, filters, seed, backend} = settings;
  return (
    `${updates} updates (${denseUpdates} without reuse too) of ${variants} frames, in each ${area} × ${area} pixels painted ` +
    `over, ${filters.join('/')} filters, seed ${seed}, backend ${backend}`
  );
}
