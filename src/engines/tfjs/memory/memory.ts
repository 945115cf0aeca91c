/**
 * How activations are read and written on a backend. Three ways: in place, where our kernels reach the memory
 * (`in-place.ts`); drawn in place with shaders of our own, on WebGL (`webgl/memory.ts`); and through tfjs's own ops, where
 * a write makes a new tensor (`composed.ts`).
 *
 * Every activation is a tensor [pixels, channels]; which op it belongs to is not this file's business.
 */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {DType, Plane} from '../../../graph';
import type {Region} from '../../../region';

/** A cached activation. Its tensor is kept, and on some backends replaced by a write. */
export interface Slot {
  tensor: Tensor;
  readonly plane: Plane;
}

/** How far a new value may be from the cached one and still leave it: all channels alike, or one limit each. */
export type Tolerance = number | Float32Array | Tensor;

export interface Write {
  readonly slot: Slot;
  /**
   * Row-major indices of the pixels written, rising, with the last one repeated at most; `values` is [pixels, channels]
   * in that order.
   */
  readonly pixels: Int32Array;
  readonly values: Tensor;
  readonly tolerance: Tolerance | null;
  /** Pixels that may have another value now are added to this region. */
  readonly changed: Region;
  readonly rollbackLog: RollbackLog | null;
}

/** What an op costs on this backend, in multiply-adds of its convolutions; only the order of magnitude matters. */
export interface Costs {
  readonly call: number;
  /** Reading one value of a pixel that stands alone. */
  readonly read: number;
  /** Whether every new shape of a patch costs time once, as where it has a shader compiled: few are used then. */
  readonly fewShapes: boolean;
}

/** Pixels in which two activations differ; a threshold of 0 compares bits. */
export interface Comparison {
  now(previous: Tensor, next: Tensor, plane: Plane, threshold: number): Region;
  /** The same without blocking. The tensors are read when the call is made. */
  soon(previous: Tensor, next: Tensor, plane: Plane, threshold: number): Promise<Region>;
}

export interface Memory {
  readonly costs: Costs;
  /** A slot full of zeros. */
  allocate(plane: Plane, dtype: DType): Slot;
  /** Pixels of an activation as [pixels, channels]; `PADDING` reads `fill`. */
  gather(x: Tensor, plane: Plane, pixels: Int32Array, fill: number): Tensor;
  write(write: Write): void;
  /** Notes in the rollback log what these pixels hold, before something other than `write` changes them. */
  save(slot: Slot, pixels: Int32Array, rollbackLog: RollbackLog): void;
  /** A tensor of its own with the same values. */
  copy(x: Tensor): Tensor;
  /** Updates a dense layer's partial sums for these blocks of inputs; returns the sum of all, [1, units]. */
  blockDot(x: Tensor, kernel: Tensor, partials: Slot, blocks: Int32Array, blockSize: number): Tensor;
  /** `relative` times each channel's root mean square. */
  relativeTolerance(slot: Slot, relative: number): Tolerance;
  /** Null where both activations would have to be downloaded. */
  readonly comparison: Comparison | null;
}

/** Whether a tensor is of plain numbers, which is what kernels read and write; text and complex numbers are not. */
export const isOfNumbers = ({dtype}: Tensor): boolean => dtype !== 'string' && dtype !== 'complex64';

/** The writes of one frame, to be taken back. */
export class RollbackLog {
  private readonly entries: {readonly old: Tensor; readonly undo: () => void}[] = [];

  /**
   * @param old what is kept to take a write back
   * @param undo does so, and disposes of it where it is not used again
   */
  add(old: Tensor, undo: () => void): void {
    this.entries.push({old, undo});
  }

  rollback(): void {
    while (this.entries.length > 0) this.entries.pop()!.undo();
  }

  /** Where nothing is left to put it back to. */
  drop(): void {
    this.entries.forEach(({old}) => old.dispose());
    this.entries.length = 0;
  }
}

const ALL = new Map<number, Int32Array>();

/** 0, 1, …, count − 1; shared, not to be written to. */
export function allPixels(count: number): Int32Array {
  let pixels = ALL.get(count);
  if (!pixels) {
    pixels = Int32Array.from({length: count}, (_, i) => i);
    ALL.set(count, pixels);
  }
  return pixels;
}

export function pixelCount({height, width}: Plane): number {
  return height * width;
}
