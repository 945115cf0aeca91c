/**
 * What there is to know of an op, whoever computes it. Every field is required: the compiler names what the definition of a
 * new op lacks. The ops' own are in `ops/`, one file a kind, and the table of all in definitions.ts.
 */
import {Region} from '../region';
import type {Activation} from './activation';
import type {InputForm, KnownForm, OutputForm} from './forms';
import type {Plane} from './plane';
import type {Reads, Use} from './reads';

export interface OpDefinition<O extends {readonly kind: string}> {
  /** Shapes of the outputs. Throws with what was wrong and what the op expects. */
  outputs(op: O, inputs: readonly InputForm[]): OutputForm[];
  /** The outputs affected when `changed[i]` of input i changed: never too little. */
  affected(op: O, inputs: readonly KnownForm[], output: KnownForm, changed: readonly Region[]): Region;
  /** Multiply-adds of recomputing `affected` after `changed`. Ops without weights count none. */
  macs(
    op: O,
    inputs: readonly KnownForm[],
    output: KnownForm,
    changed: readonly Region[],
    affected: Region,
  ): number;
  /** What its outputs read of an input along an axis. */
  reads(op: O, use: Use): Reads;
  /** The zeros around its input that its window reads; null where it reads none. */
  halo(op: O, input: Plane): Halo | null;
  effect(op: O): Effect;
  readonly takes: Takes<O>;
  gradient(op: O): Gradient;
  /** Whether it hands on values, as they are or the largest of several, and hands back their gradients. */
  handsOn(op: O): boolean;
  /** Which axis of its weight `filter` has the input's channels, from the last one (-1) on; null where it has no filter. */
  readonly filter: {readonly inputs: -1 | -2} | null;
  /** The pixels that its work is counted by, of which reports give the share that a change reached. */
  readonly countedBy: 'outputs' | 'inputs';
  /** Whether it computes anything: only such nodes are in reports, and have thresholds. */
  readonly isComputed: boolean;
}

export interface Halo {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * What an op does to a change of its input, and to its values:
 * - `copy`: values are copied from elsewhere; nothing about them is new
 * - `pointwise`: a pixel is computed from one pixel
 * - `spread`: from several around it, so that a change spreads
 * - `join`: from the pixels of several inputs, so that changes come together
 * - `interpolate`: from those that it lies between, on a grid of another size
 * - `reduce`: from all pixels
 * - `unknown`: nobody can tell
 */
export type Effect = 'copy' | 'pointwise' | 'spread' | 'join' | 'interpolate' | 'reduce' | 'unknown';

/**
 * How the backward pass goes through an op: pixel by pixel; not, for it is where a graph is cut, and what comes after is
 * differentiated for all frames at once; or not at all.
 */
export type Gradient = 'pixels' | 'cut' | 'none';

/** Which ops it can do the work of as well, of those right after it; with `pad`, of one right before it. */
export interface Takes<O> {
  readonly batchNorm: O extends {readonly batchNormEpsilon: number | null} ? boolean : false;
  /** A scale and a shift a channel, before its activation. */
  readonly affine: O extends {readonly activation: Activation} ? boolean : false;
  readonly activation: O extends {readonly activation: Activation} ? boolean : false;
  readonly pad: O extends {readonly window: unknown} ? boolean : false;
}

export const TAKES_NOTHING = {batchNorm: false, affine: false, activation: false, pad: false} as const;

export const noMacs = (): number => 0;
export const noHalo = (): null => null;

/** Of ops whose outputs need only the same pixel. */
export const samePixels = (
  _op: unknown,
  _inputs: unknown,
  _output: unknown,
  [changed]: readonly Region[],
): Region => changed;

/** Of ops that compute one pixel from all there are. */
export const onePixel = (
  _op: unknown,
  _inputs: unknown,
  _output: unknown,
  [changed]: readonly Region[],
): Region => (changed.isEmpty ? Region.empty(1, 1) : Region.full(1, 1));
