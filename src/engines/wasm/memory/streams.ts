/** The streams of a program: what a cache holds of it, and the memory for a new one. */
import type {ActivationCache} from '../../../cache';
import type {Graph} from '../../../graph';
import type {Heap, OutOfMemory} from './heap';
import type {ValueLayout} from './layout';
import {StreamState} from './state';
import type {PackedWeights} from './weights';

export class Streams {
  /** What a new stream lacked when one was last asked for. */
  private shortage: OutOfMemory | null = null;

  constructor(
    private readonly graph: Graph,
    private readonly heap: Heap,
    private readonly weights: PackedWeights,
    /** Bytes of a stream's block, and where its activations lie there. */
    private readonly bytes: number,
    private readonly layouts: readonly ValueLayout[],
  ) {}

  /** What a cache holds of this program, whatever weights it was filled with. */
  ownIn(cache: ActivationCache): StreamState | null {
    const state = cache.content(StreamState);
    return state?.owner === this ? state : null;
  }

  /** What a cache holds that was filled with the weights as they are. */
  currentIn(cache: ActivationCache): StreamState | null {
    const state = this.ownIn(cache);
    return state?.weightsVersion === this.weights.version ? state : null;
  }

  allocate(cache: ActivationCache): StreamState {
    // What is there is of no use any more, and its memory may be needed.
    cache.clear();
    const {graph, heap, weights, bytes} = this;
    const {values, nodes} = graph;
    const at = heap.allocate(bytes, false);
    this.clearAround(at);
    const state = new StreamState(this, weights.version, heap, bytes, values.length, nodes.length, at);
    cache.hold(state);
    return state;
  }

  /** Why there is no memory for a stream; null where there is. One that is there has it, whatever it was filled with. */
  shortageFor(cache: ActivationCache): string | null {
    if (this.ownIn(cache)) return null;
    const {heap, bytes, shortage} = this;
    if (shortage && !shortage.isOver) return shortage.message;
    this.shortage = heap.makeRoom(bytes) ? null : heap.shortage(bytes);
    return this.shortage && this.shortage.message;
  }

  /** Zeros in all of a block but the pixels: the first frame writes all of these, and they are nearly all of it. */
  private clearAround(at: number): void {
    const {octets} = this.heap;
    let from = at;
    for (const {at: first, height, width, rowBytes, pixelBytes, isTight} of this.layouts) {
      // One that looks at another value's pixels has none of its own.
      if (at + first < from) continue;
      const [rows, bytes] = isTight ? [1, height * rowBytes] : [height, width * pixelBytes];
      for (let y = 0, row = at + first; y < rows; y++, row += rowBytes) {
        octets.fill(0, from, row);
        from = row + bytes;
      }
    }
    octets.fill(0, from, at + this.bytes);
  }
}
