/**
 * Where a stream's activations lie in its block of the heap: offsets from the block's start, the same for all streams of
 * a program. Plain arithmetic; no memory is touched.
 *
 * An activation has its pixels one after the other, C float32 each, and around the plane the zeros that the padding of
 * the windows over it reads; so no kernel has to look where the plane ends. Beside it lies its mask, the pixels that
 * changed in the last frame.
 */
import {definitionOf, type Graph, type Halo, type Plane, type ValueId} from '../../../graph';
import {ONE_VALUE} from '../../shared/opaque';

export interface ValueLayout extends Plane {
  /** Offset of pixel (0, 0). */
  readonly at: number;
  readonly pixelBytes: number;
  readonly rowBytes: number;
  /** Offset of the mask, and its 32-bit words in all. */
  readonly mask: number;
  readonly maskWords: number;
  /** Whether the rows follow each other without zeros between them. */
  readonly isTight: boolean;
}

export const pixelsOf = ({height, width}: Plane): number => height * width;

/** Floats of whole vectors that hold so many. */
export const roundUp4 = (count: number): number => Math.ceil(count / 4) * 4;

/** Bytes that kernels may read or write past the end of what they were given. */
export const SLACK = 64;

const aligned = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** Gives out offsets one after the other. */
export class Offsets {
  bytes = 0;

  take(bytes: number): number {
    const at = this.bytes;
    this.bytes += aligned(bytes + SLACK);
    return at;
  }
}

/** The layout of every value; those without memory of their own share their source's. */
export function layValues(graph: Graph, sources: readonly ValueId[], offsets: Offsets): ValueLayout[] {
  const halos = halosOf(graph, sources);
  const layouts: ValueLayout[] = [];
  for (const value of graph.values) {
    const source = sources[value.id];
    layouts.push(
      source === value.id ? layPlane(value.plane ?? ONE_VALUE, halos[source], offsets) : layouts[source],
    );
  }
  return layouts;
}

function layPlane(
  {height, width, channels}: Plane,
  {top, bottom, left, right}: Halo,
  offsets: Offsets,
): ValueLayout {
  const pixelBytes = 4 * channels;
  const rowBytes = (left + width + right) * pixelBytes;
  const start = offsets.take((top + height + bottom) * rowBytes);
  const maskWords = height * ((width + 31) >>> 5);
  return {
    height,
    width,
    channels,
    at: start + top * rowBytes + left * pixelBytes,
    pixelBytes,
    rowBytes,
    mask: offsets.take(4 * maskWords),
    maskWords,
    isTight: left + right === 0,
  };
}

/** The zeros that are read around each plane, by whoever reads the most. */
function halosOf(graph: Graph, sources: readonly ValueId[]): Halo[] {
  const halos = graph.values.map(() => ({top: 0, bottom: 0, left: 0, right: 0}));
  for (const {op, inputs} of graph.nodes) {
    const plane = inputs.length > 0 && graph.values[inputs[0]].plane;
    const read = plane && definitionOf(op).halo(op, plane);
    if (!read) continue;
    const halo = halos[sources[inputs[0]]];
    for (const side of ['top', 'bottom', 'left', 'right'] as const)
      halo[side] = Math.max(halo[side], read[side]);
  }
  return halos;
}
