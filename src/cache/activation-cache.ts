/**
 * A stream's cached activations, as their owner sees them: how many bytes, and how to give them back.
 *
 * What is inside belongs to the engine that put it there; nobody else looks into it.
 */

/** What an engine keeps between two frames. */
export interface CacheContent {
  /** Bytes of the tensors and arrays held. */
  readonly bytes: number;
  /** Of these, bytes that are kept only for variants and for timed reports. Default 0. */
  readonly spareBytes?: number;
  /** Whether nothing is in there that could be reused. Default false. */
  readonly isEmpty?: boolean;
  dispose(): void;
}

/** The cached activations of one stream, or of all that a model has. */
export class ActivationCache {
  private held: CacheContent | null = null;
  private disposed = false;
  private emptyings = 0;

  /** Bytes of cached activations and of the copy of the last frame; 0 before the first frame and after `clear()`. */
  get bytes(): number {
    return this.held?.bytes ?? 0;
  }

  /** @internal Bytes that every frame needs. */
  get neededBytes(): number {
    return this.bytes - (this.held?.spareBytes ?? 0);
  }

  get isEmpty(): boolean {
    return this.held === null || (this.held.isEmpty ?? false);
  }

  /** @internal How often it was emptied: what somebody has from an earlier content belongs to nothing any more. */
  get timesEmptied(): number {
    return this.emptyings;
  }

  /** @internal The content, where it is of this kind. For engines. */
  content<T extends CacheContent>(kind: new (...args: never[]) => T): T | null {
    return this.held instanceof kind ? this.held : null;
  }

  /** @internal Puts content into the cache, giving back what was there. For engines. */
  hold(content: CacheContent): void {
    if (this.disposed) {
      content.dispose();
      throw new Error('This ActivationCache is disposed: its ReuseModel can predict no more.');
    }
    this.clear();
    this.held = content;
  }

  /** Empties the cache: the next frame is computed in full. */
  clear(): void {
    if (this.held === null) return;
    this.held.dispose();
    this.held = null;
    this.emptyings++;
  }

  /** Empties the cache for good. */
  dispose(): void {
    this.clear();
    this.disposed = true;
  }
}
