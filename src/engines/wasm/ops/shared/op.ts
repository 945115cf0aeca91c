/** What an op is to this engine, forwards, and what it is compiled from. */
import type {Activation, Node, Op} from '../../../../graph';
import type {Kernels} from '../../kernels';
import type {Heap} from '../../memory/heap';
import type {ValueLayout} from '../../memory/layout';
import type {Scratch} from '../../memory/scratch';
import type {WeightValues} from '../../memory/weights';

/** What a node's op is compiled from. Addresses in a stream's block are offsets from its start. */
export interface Setting<O extends Op = Op> {
  readonly node: Node<O>;
  readonly op: O;
  readonly kernels: Kernels;
  readonly heap: Heap;
  readonly scratch: Scratch;
  readonly inputs: readonly ValueLayout[];
  readonly output: ValueLayout;
  /** Shapes of the node's weights by name. */
  readonly weightShapes: Readonly<Record<string, readonly number[]>>;
  /** Whether a convolution may be computed in tiles, if its weights allow it. */
  readonly mayTile: boolean;
  /** Reserves a buffer for packed weights, which `pack` fills now and whenever they change; returns its address. */
  weights(floats: number, pack: (values: WeightValues, into: Float32Array) => void): number;
  /** Writes constants; returns their address. */
  table(values: readonly number[]): number;
}

/** An op that computes its output pixel by pixel. `at` is where the stream's block starts. */
export interface PixelOp {
  /** Marks the output pixels that the inputs' changes reach; an input that did not change has no valid mask. */
  reach(at: number, changed: readonly boolean[]): void;
  /** Computes the listed pixels from `first` on, one after the other, to the address `to`. */
  compute(at: number, first: number, count: number, to: number): void;
  /**
   * The same for all of them straight into the cached activation.
   * @param notes whether the flags of those that change are asked for; a kernel may write them anyway
   * @param tolerance address of the tolerance of each channel; 0 where there is none, as always unless it takes tolerances
   */
  computeInPlace?(at: number, count: number, notes: boolean, tolerance: number): void;
  readonly takesTolerances?: boolean;
  /** Applied to what `compute` gave. */
  readonly activation: Activation;
  /** What a pixel takes, in multiply-adds of a convolution that take as long; a rough number, for forecasts. */
  readonly cost: number;
  /** Where pixels are computed in tiles of 2 × 2, what a tile takes of which any pixel is; else null. Weights that are assigned may change it. */
  readonly tileCost?: number | null;
}

/** What a value takes that is read, changed by a few vector instructions, and written. */
export const ELEMENT_COST = 8;

/**
 * An op that reduces a whole plane to one pixel. A stream keeps one partial sum for each block of pixels and one for each
 * group of blocks; see `reduction.ts`.
 */
export interface ReduceOp {
  /** Floats of partial sums a stream keeps: the blocks', and then the groups'. */
  readonly partialFloats: number;
  readonly blockSize: number;
  readonly groupSize: number;
  readonly blocks: number;
  /** Floats in each partial sum. */
  readonly width: number;
  /** Address of the packed weights, `width` floats for each value of the input; 0 where there are none. */
  readonly weights: number;
  /** Sums up the listed blocks and groups, and adds up all of them. */
  compute(at: number, partials: number, blocks: number, groups: number, to: number): void;
  readonly activation: Activation;
  /** What a block takes, in multiply-adds of a convolution that take as long; a rough number, for forecasts. */
  readonly cost: number;
}

/** A reduction, and where its partial sums lie. */
export interface Reduction {
  readonly op: ReduceOp;
  /** Offset of the partial sums in the stream's block. */
  readonly partials: number;
}
