/** What the backward pass through an op is to this engine, beside what the op computes. */
import type {Op} from '../../../../graph';
import type {BackwardKernels} from '../../backward-kernels';
import type {ValueLayout} from '../../memory/layout';
import type {WeightValues} from '../../memory/weights';
import type {Setting} from './op';

/** Pixels whose gradients are sent together: these, and the patches they were made of, stay in the processor's cache. */
export const CHUNK = 96;
/** Where these are computed in tiles; a multiple of the rows of most planes, for tiles that are cut in two are computed twice. */
export const TILED_CHUNK = 1024;

/** Floats of a row of gradients. */
export const pitchOf = ({channels}: Pick<ValueLayout, 'channels'>): number => Math.ceil(channels / 8) * 8;

/** Where everything lies during a backward pass. */
export interface Flow {
  /** The stream's block. */
  readonly at: number;
  /** Bytes from an activation to its gradient. */
  readonly gradients: number;
  /** The gradients of the pixels under way, before their activation: rows of `pitchOf` their value floats. */
  readonly delta: number;
  /** Pre-activation values of the pixels under way, tight; only where an op asks for them. */
  readonly values: number;
  /** What tiles are computed in, for whoever does. */
  readonly tiles: number;
}

export type WeightGradients = Record<string, Float32Array>;

/** The backward pass through a node that is computed pixel by pixel. */
export interface BackwardOp {
  /** Floats in which the gradients of its weights are summed up. */
  readonly floats: number;
  /** Whether `flow.values` must hold what the op gave before its activation. */
  readonly needsValues?: boolean;
  /** Where pixels are computed in tiles of 2 × 2, the bytes that this takes; else left out. */
  readonly tileBytes?: number;
  /** Sends the gradients of the listed pixels, from `first` on, to the weights and to the inputs. */
  flush(flow: Flow, first: number, count: number, sums: number): void;
  /** The gradients of its weights by name. */
  gradients?(sums: Float32Array): WeightGradients;
}

/** What the backward pass through a node's op is made of. */
export interface BackwardSetting<O extends Op = Op> {
  readonly setting: Setting<O>;
  readonly kernels: BackwardKernels;
  /** Whether the gradient of each input has to be known. */
  readonly needsInput: readonly boolean[];
  /** The node's weights, as they are now. */
  readWeights(): WeightValues;
}

/** Whether an input's gradient has to be known, as kernels take it. */
export const isNeeded = ({needsInput}: Pick<BackwardSetting, 'needsInput'>, input = 0): number =>
  needsInput[input] ? 1 : 0;
