/**
 * How a region is handed to tfjs's ops: as rectangles, or as a list of single pixels laid side by side.
 *
 * A rectangle shares the borders of its windows, but computes pixels that nothing reached; a list computes exactly the
 * region, but reads every window anew. Which is cheaper depends on the op and on the region's form.
 */
import type {Rect, Region} from '../../../region';
import type {Costs} from '../memory/memory';

/** Output pixels that one call computes, row-major; a list is one row of single pixels. */
export interface Patch {
  readonly height: number;
  readonly width: number;
  readonly pixels: Int32Array;
  /** Null for a list. */
  readonly rect: Rect | null;
}

/** What an output pixel costs: multiply-adds, and values read where it stands alone. */
export interface PixelCost {
  readonly macs: number;
  readonly reads: number;
}

/** A list reads at most this many values in one call, so that a large region does not need a large copy. */
const LIST_VALUES = 1 << 21;

/** The shortest list where few lengths are used; tfjs has other algorithms for single rows. */
const SHORTEST = 16;

/** One of few lengths: powers of 2, and what lies halfway between two. */
function fewLength(least: number): number {
  let length = SHORTEST;
  while (length < least) length *= 2;
  return length > SHORTEST && 0.75 * length >= least ? 0.75 * length : length;
}

/** A list with its last entry repeated, up to one of few lengths. */
export function padded(list: Int32Array): Int32Array {
  const longer = new Int32Array(fewLength(list.length)).fill(list[list.length - 1]);
  longer.set(list);
  return longer;
}

function rectPatch(rect: Rect, planeWidth: number): Patch {
  const {y, x, height, width} = rect;
  const pixels = new Int32Array(height * width);
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0, pixel = (y + row) * planeWidth + x; column < width; column++) pixels[i++] = pixel++;
  }
  return {height, width, pixels, rect};
}

function listPatches(region: Region, {reads}: PixelCost, fewShapes: boolean): Patch[] {
  const pixels = region.pixels();
  const most = Math.max(1, Math.floor(LIST_VALUES / reads));
  const patches: Patch[] = [];
  for (let from = 0; from < pixels.length; from += most) {
    const exact = pixels.subarray(from, from + most);
    const part = fewShapes ? padded(exact) : exact;
    patches.push({height: 1, width: part.length, pixels: part, rect: null});
  }
  return patches;
}

/** The cheapest patches that cover a region that is not empty. */
export function patchesOf(region: Region, cost: PixelCost, costs: Costs): Patch[] {
  const {height, width, area} = region;
  const perPixel = cost.macs + 1;
  const plane = () => [rectPatch({y: 0, x: 0, height, width}, width)];
  if (area === height * width) return plane();
  const listed = costs.fewShapes ? fewLength(area) : area;
  const asList = listed * (perPixel + cost.reads * costs.read) + costs.call;
  const asPlane = height * width * perPixel + costs.call;
  // Rectangles have too many shapes.
  if (costs.fewShapes) return asPlane <= asList ? plane() : listPatches(region, cost, true);
  const rects = region.rects(Math.ceil(costs.call / perPixel));
  const asRects = rects.reduce((sum, rect) => sum + rect.height * rect.width * perPixel + costs.call, 0);
  if (asPlane <= asRects && asPlane <= asList) return plane();
  if (asList < asRects) return listPatches(region, cost, false);
  return rects.map((rect) => rectPatch(rect, width));
}
