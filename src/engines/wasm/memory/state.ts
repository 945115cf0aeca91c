/** What this engine keeps of one stream between two frames: a block of the heap, and what happened in the last frame. */
import type {CacheContent} from '../../../cache';
import type {Delta} from '../../engine';
import type {Heap} from './heap';
import type {OpaqueValue} from './opaque';

export class StreamState implements CacheContent {
  /** Whether the activations are those of the cached frame; else it only monitors: the input is the last frame seen. */
  valid = false;
  /** Pixels that changed in the last frame, by value; where there are none, the value's mask is not valid. */
  readonly changed: Int32Array;
  /** Pixels that a change reached in the last frame, by node; and those computed. */
  readonly affected: Int32Array;
  readonly computed: Float64Array;
  /** Milliseconds that each node took in it. */
  readonly ms: Float64Array;
  /** Values that are no activations, as they came; of the current frame, or of the last one that reached them. */
  opaque = new Map<number, OpaqueValue>();
  /** The windows of nodes that compute step by step, by node; what is in them lies in the block. */
  readonly windows = new Map<number, WindowState>();
  /** What the last comparison found: marked in the masks of the inputs. One object, so that a frame makes none. */
  readonly delta: Delta & {
    share: number;
    full: boolean;
    unsupportedReason: string | null;
    readonly state: StreamState;
  };

  constructor(
    /** The program that filled it: another one's cache is of no use. */
    readonly owner: object,
    /** The weights it was filled with. */
    public weightsVersion: number,
    private readonly heap: Heap,
    /** Bytes of its block. */
    readonly blockBytes: number,
    values: number,
    nodes: number,
    /** Where the block starts; 0 once it is given back. */
    public at: number,
  ) {
    this.changed = new Int32Array(values);
    this.affected = new Int32Array(nodes);
    this.computed = new Float64Array(nodes);
    this.ms = new Float64Array(nodes);
    this.delta = {share: 0, full: false, unsupportedReason: null, state: this};
  }

  get bytes(): number {
    let bytes = this.blockBytes;
    // Asked after every frame, and mostly there are none.
    if (this.opaque.size === 0) return bytes;
    for (const {values, dtype} of this.opaque.values()) bytes += (dtype === 'bool' ? 1 : 4) * values.length;
    return bytes;
  }

  /** Notes a frame in which nothing changed. */
  rest(): void {
    this.changed.fill(0);
    this.affected.fill(0);
    this.computed.fill(0);
    this.ms.fill(0);
  }

  /** Leaves nothing but the cached frame, to be computed with other weights. */
  restart(weightsVersion: number): void {
    this.weightsVersion = weightsVersion;
    this.valid = false;
    this.windows.clear();
  }

  dispose(): void {
    if (this.at !== 0) this.heap.release(this.at);
    this.at = 0;
  }
}

/** What a stream keeps of the last window of a node that computes the same for each step of it, beside the values in its block. */
export interface WindowState {
  /** Activations of the step computed last. */
  readonly state: StreamState;
  /** Where each step's input and output are kept; -1 before the first window. */
  readonly entries: Int32Array;
  /** Steps that the last window was the first to have; before it slides, as many as are expected. */
  fresh: number;
}
