/** What an op is to this engine, and what it is compiled from. */
import {ACTIVATION_NAMES, type Activation, type Node, type Op, type Plane} from '../../../graph';
import type {Pair} from '../../../region';
import type {Kernels} from '../kernels';
import type {Heap} from '../heap';
import type {ValueLayout} from '../layout';
import type {Scratch} from '../scratch';

/** A node's weights by name, as the model holds them now. */
export type WeightValues = Readonly<Record<string, Float32Array>>;

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
  /** Reserves room for packed weights, which `pack` fills now and whenever they change; returns its address. */
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
  /** The same for all of them straight into the cached activation; only without a threshold. */
  computeInPlace?(at: number, count: number): void;
  /** Applied to what `compute` gave. */
  readonly activation: Activation;
  /** What a pixel takes, in multiply-adds of a convolution that take as long; a rough number, for forecasts. */
  readonly cost: number;
}

/** The number the kernels know an activation by. */
export const activationCode = ({name}: Activation): number => ACTIVATION_NAMES.indexOf(name);

/** The bounds of an activation that is one clamp, which convolutions apply as they write; null for the others. */
export function boundsOf({name, parameter}: Activation): {low: number; high: number} | null {
  if (name === 'linear') return {low: -Infinity, high: Infinity};
  if (name === 'relu') return {low: 0, high: Infinity};
  if (name === 'relu6') return {low: 0, high: 6};
  return name === 'clippedRelu' ? {low: 0, high: parameter!} : null;
}

export const pixelsOf = ({height, width}: Plane): number => height * width;
export const roundUp4 = (count: number): number => Math.ceil(count / 4) * 4;

/** An output pixel needs only the same pixel of each input. */
export function reachSamePixels(
  {kernels, heap, output}: Setting,
  inputs: readonly ValueLayout[],
): PixelOp['reach'] {
  return (at, changed) => {
    clearMask(heap, at, output);
    inputs.forEach(({mask, maskWords}, i) => {
      if (changed[i]) kernels.uniteMask(at + mask, at + output.mask, maskWords);
    });
  };
}

/** Marks where an input's changed pixels lie in the output, which begins (dy, dx) before the input does. */
export function translateInto(
  {kernels, scratch, output}: Setting,
  at: number,
  input: ValueLayout,
  dy: number,
  dx: number,
): void {
  kernels.translateMask(
    at + input.mask,
    input.height,
    input.width,
    at + output.mask,
    output.height,
    output.width,
    dy,
    dx,
    scratch.rows,
    scratch.rowBytes,
    scratch.guard,
  );
}

/** Addresses of the pixels that the listed ones copy, ((y + dy) / fh, (x + dx) / fw) of an input; 0 where there is none. */
export function listCopied(
  {kernels, scratch}: Setting,
  at: number,
  input: ValueLayout,
  first: number,
  count: number,
  [dy, dx]: Pair,
  [fh, fw]: Pair = [1, 1],
): void {
  kernels.addressSources(
    scratch.ys + 4 * first,
    scratch.xs + 4 * first,
    count,
    at + input.at,
    input.rowBytes,
    input.pixelBytes,
    input.height,
    input.width,
    dy,
    dx,
    fh,
    fw,
    scratch.sources,
  );
}

export function clearMask(heap: Heap, at: number, {mask, maskWords}: ValueLayout): void {
  const first = (at + mask) >>> 2;
  heap.ints.fill(0, first, first + maskWords);
}

/** Addresses of the listed pixels of a plane, in the list of sources or another one. */
export function listSources(
  {kernels, scratch}: Setting,
  at: number,
  layout: ValueLayout,
  first: number,
  count: number,
  list = scratch.sources,
): void {
  const skip = 4 * first;
  kernels.addressPixels(
    scratch.ys + skip,
    scratch.xs + skip,
    count,
    at + layout.at,
    layout.rowBytes,
    layout.pixelBytes,
    list,
  );
}
