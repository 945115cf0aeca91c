/** What is known of the frames that a cache did not see: a caller's regions of the next frame have to be added to theirs. */
import type {Region} from '../region';

export class Missed {
  /** Nothing was missed, regions of all that was, or not of all. */
  private regions: null | readonly Region[] | 'unknown' = null;

  /** @param changed what a caller says has changed in the frame missed; null where nobody said */
  add(changed: readonly Region[] | null): void {
    const {regions} = this;
    if (changed === null || regions === 'unknown') this.regions = 'unknown';
    else this.regions = regions === null ? changed : changed.map((region, i) => region.union(regions[i]));
  }

  /** The cache has seen everything. */
  clear(): void {
    this.regions = null;
  }

  /** The regions of all frames since the one in the cache; null where these have to be compared. */
  upTo(changed: readonly Region[] | null): readonly Region[] | null {
    const {regions} = this;
    if (changed === null || regions === 'unknown') return null;
    return regions === null ? changed : changed.map((region, i) => region.union(regions[i]));
  }
}
