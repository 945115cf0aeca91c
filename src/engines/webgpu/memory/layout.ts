/**
 * Where a stream's activations and masks lie in its buffers: offsets, the same for all streams of a program. Plain
 * arithmetic; no device is touched.
 *
 * An activation has its pixels one after the other, and each pixel its channels in whole vectors of four: the lanes past
 * the last channel hold 0. A mask has one bit a pixel, 32 to a word, every row from a word of its own.
 */
import {planeOf, type Graph, type Plane, type ValueId} from '../../../graph';
import {isOpaque} from '../../shared/opaque';

export interface ValueLayout extends Plane {
  readonly pixels: number;
  /** Vectors of four channels in a pixel. */
  readonly vectors: number;
  /** Offset of the first pixel, in vectors. */
  readonly at: number;
  /** Offset of the mask, in words; words in a row of it, and in all. */
  readonly mask: number;
  readonly rowWords: number;
  readonly maskWords: number;
}

export const vectorsFor = (channels: number): number => (channels + 3) >> 2;

/** Gives out offsets one after the other. */
export class Offsets {
  constructor(public total = 0) {}

  take(size: number): number {
    const at = this.total;
    this.total += size;
    return at;
  }
}

/** The layout of every value; null for those that are kept as tensors. */
export function layValues(
  graph: Graph,
  sources: readonly ValueId[],
  vectors: Offsets,
  words: Offsets,
): (ValueLayout | null)[] {
  const layouts: (ValueLayout | null)[] = [];
  for (const value of graph.values) {
    const source = sources[value.id];
    if (source !== value.id) layouts.push(layouts[source]);
    else layouts.push(isOpaque(value) ? null : layPlane(planeOf(value), vectors, words));
  }
  return layouts;
}

export function layPlane(plane: Plane, arena: Offsets, words: Offsets): ValueLayout {
  const {height, width, channels} = plane;
  const pixels = height * width;
  const vectors = vectorsFor(channels);
  const rowWords = (width + 31) >>> 5;
  const maskWords = height * rowWords;
  return {
    height,
    width,
    channels,
    pixels,
    vectors,
    at: arena.take(pixels * vectors),
    mask: words.take(maskWords),
    rowWords,
    maskWords,
  };
}
