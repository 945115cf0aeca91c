/** The caches of several streams as the content of one. */
import type {CacheContent} from '../cache';
import type {Stream} from './stream';

export class AllCaches implements CacheContent {
  /** @param streams may grow */
  constructor(private readonly streams: readonly Stream[]) {}

  get bytes(): number {
    return this.streams.reduce((sum, {cache}) => sum + cache.bytes, 0);
  }

  dispose(): void {
    this.streams.forEach(({cache}) => cache.clear());
  }
}
