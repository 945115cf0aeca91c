/** The caches of several streams as the content of one. */
import type {CacheContent} from '../cache';
import type {Stream} from './stream';

export class AllCaches implements CacheContent {
  /** @param streams as they are now */
  constructor(private readonly streams: () => readonly Stream[]) {}

  get isEmpty(): boolean {
    return this.streams().every(({cache}) => cache.isEmpty);
  }

  get bytes(): number {
    return this.streams().reduce((sum, {cache}) => sum + cache.bytes, 0);
  }

  dispose(): void {
    this.streams().forEach(({cache}) => cache.clear());
  }
}
