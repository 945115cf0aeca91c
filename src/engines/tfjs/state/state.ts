/** What the portable engine keeps for one stream between two frames. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {CacheContent} from '../../../cache';
import type {ValueId} from '../../../graph';
import type {FrameData, Region} from '../../../region';
import type {Slot, Tolerance} from '../memory/memory';

export class PortableState implements CacheContent {
  /** Activations that own their memory, by value; views and values of unknown shape are not among them. */
  readonly slots = new Map<ValueId, Slot>();
  /** Outputs whose shape is known only once they are computed. */
  readonly dynamic = new Map<ValueId, Tensor>();
  /** Partial sums, by node. */
  readonly partials = new Map<number, Slot>();
  /** Tolerances worked out from the first frame, by node. */
  readonly tolerances = new Map<number, Tolerance>();
  /** The last frame on this side, by input, where the memory cannot compare by itself; null before the first. */
  readonly lastFrame: (FrameData | null)[] = [];
  /** Pixels of `lastFrame` that a caller's own region replaced without this side seeing them. */
  readonly unseen: (Region | null)[] = [];

  constructor(
    /** The program that filled it: another one's cache is of no use. */
    readonly owner: object,
    /** The weights it was filled with. */
    readonly weightsVersion: number,
  ) {}

  get bytes(): number {
    let bytes = 0;
    const tensors = [...this.slots.values(), ...this.partials.values()].map(({tensor}) => tensor);
    for (const tensor of [...tensors, ...this.dynamic.values()]) bytes += bytesOf(tensor);
    for (const tolerance of this.tolerances.values()) {
      if (typeof tolerance !== 'number')
        bytes += tolerance instanceof Float32Array ? tolerance.byteLength : bytesOf(tolerance);
    }
    for (const frame of this.lastFrame) bytes += frame?.byteLength ?? 0;
    return bytes;
  }

  dispose(): void {
    for (const {tensor} of [...this.slots.values(), ...this.partials.values()]) tensor.dispose();
    for (const tensor of this.dynamic.values()) tensor.dispose();
    for (const tolerance of this.tolerances.values()) {
      if (typeof tolerance !== 'number' && !(tolerance instanceof Float32Array)) tolerance.dispose();
    }
    this.slots.clear();
    this.dynamic.clear();
    this.partials.clear();
    this.tolerances.clear();
    this.lastFrame.length = 0;
  }
}

function bytesOf({size, dtype}: Tensor): number {
  return dtype === 'bool' ? size : 4 * size;
}
