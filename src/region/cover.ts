/**
 * Covering a region with few rectangles, for engines that pay for each call as well as for each pixel. The rectangles
 * are disjoint. It is a good cover and not always the best one: finding that is hard, and a frame is short.
 *
 * A box is cut in two where the parts' own bounds are smallest, the parts are cut again, and cuts that did not pay are
 * undone in the backward pass. The boxes of one depth are disjoint and depth is bounded, so the work is at most some tens of
 * passes over the plane's words, whatever the region looks like.
 */
import {lastSet, lowestBit, nextSet, popcount, rangeMask} from './bits';
import {requireNotNegative} from './checks';
import type {Region} from './region';
import type {Rect} from './shapes';

/** What one more rectangle costs where the caller does not say, in pixels. */
export const DEFAULT_CALL_COST = 64;

/** Sixteen times in two: more boxes than any plan wants to call. */
const MAX_DEPTH = 16;

/**
 * Disjoint rectangles that together hold every pixel of the region, in order of y, then x. Their cost, the area of all
 * plus `callCost` for each, is never above that of the bounds or of the spans.
 * @param callCost in pixels, 0 or more; with 0 the rectangles hold no other pixel
 * @throws RangeError if `callCost` is negative or NaN
 */
export function coverByRects(region: Region, callCost: number): Rect[] {
  requireNotNegative('Region.rects: callCost', callCost);
  const bounds = region.bounds();
  if (!bounds) return [];
  if (callCost === 0) return exactCover(region);
  if (callCost >= areaOf(bounds)) return [bounds]; // no cut can pay
  const cut = cutUp(region, bounds, callCost, MAX_DEPTH);
  const exact = exactCover(region);
  const best = costOf(exact, callCost) < costOf(cut, callCost) ? exact : cut;
  return best.sort(byPlace);
}

/** The spans, each joined with the equal spans of the rows below it. */
function exactCover(region: Region): Rect[] {
  const done: Rect[] = [];
  let open = new Map<number, Rect>(); // by column: the rectangles that reach the row before
  let row = -1;
  let next = new Map<number, Rect>();
  const closeRow = () => {
    for (const rect of open.values()) done.push(rect);
    open = next;
    next = new Map();
  };
  for (const {y, x, length} of region.spans()) {
    for (; row < y; row++) closeRow();
    const above = open.get(x);
    if (above?.width === length) {
      open.delete(x);
      next.set(x, {...above, height: above.height + 1});
    } else {
      next.set(x, {y, x, height: 1, width: length});
    }
  }
  closeRow();
  closeRow();
  return done.sort(byPlace);
}

/** Cuts a box that is the bounds of what it holds, as often as it pays. */
function cutUp(region: Region, box: Rect, callCost: number, depth: number): Rect[] {
  // A cut saves at most the pixels that are not the region's, and costs a call.
  if (depth === 0 || areaOf(box) - countIn(region, box) <= callCost) return [box];
  const parts = bestCut(region, box).flatMap((part) => cutUp(region, part, callCost, depth - 1));
  return costOf(parts, callCost) < areaOf(box) + callCost ? parts : [box];
}

/** The two bounds with the smallest area in all, cut between two rows or two columns; of equals, the middlemost. */
function bestCut(region: Region, box: Rect): [Rect, Rect] {
  const rows = bestCutOf(rowExtents(region, box));
  const columns = bestCutOf(columnExtents(region, box));
  if (rows.area < columns.area || (rows.area === columns.area && box.height >= box.width)) {
    return [place(box, rows.first, false), place(box, rows.second, false)];
  }
  return [place(box, columns.first, true), place(box, columns.second, true)];
}

/** For each line of a box (its rows, or its columns), the first and the last pixel; `first > last` where it has none. */
interface Extents {
  readonly first: Int32Array;
  readonly last: Int32Array;
}

/** Part of a box: its lines `from` to `to`, and in each the pixels `low` to `high`. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

interface Cut {
  readonly first: Part;
  readonly second: Part;
  readonly area: number;
}

/** The best cut between two lines; where there is but one line, one of infinite area. */
function bestCutOf(extents: Extents): Cut {
  const lines = extents.first.length;
  const before = areasUpTo(extents.first, extents.last);
  const after = areasUpTo(extents.first.slice().reverse(), extents.last.slice().reverse());
  let best = 1; // cut above this line
  let bestArea = Infinity;
  for (let i = 1; i < lines; i++) {
    const area = before[i - 1] + after[lines - 1 - i];
    if (area > bestArea) continue;
    if (area === bestArea && Math.abs(2 * i - lines) >= Math.abs(2 * best - lines)) continue;
    best = i;
    bestArea = area;
  }
  return {first: partOf(extents, 0, best), second: partOf(extents, best, lines), area: bestArea};
}

/** For each line, the area of the bounds of all lines up to it; the first line must not be empty. */
function areasUpTo(first: Int32Array, last: Int32Array): Float64Array {
  const areas = new Float64Array(first.length);
  let [lines, low, high] = [0, Infinity, -Infinity];
  for (let i = 0; i < first.length; i++) {
    if (first[i] <= last[i]) {
      lines = i + 1;
      low = Math.min(low, first[i]);
      high = Math.max(high, last[i]);
    }
    areas[i] = lines * (high - low + 1);
  }
  return areas;
}

/** The bounds of lines `start` to `end - 1`. */
function partOf({first, last}: Extents, start: number, end: number): Part {
  let [from, to, low, high] = [end, start, Infinity, -Infinity];
  for (let i = start; i < end; i++) {
    if (first[i] > last[i]) continue;
    from = Math.min(from, i);
    to = i;
    low = Math.min(low, first[i]);
    high = Math.max(high, last[i]);
  }
  return {from, to, low, high};
}

function place(box: Rect, {from, to, low, high}: Part, columns: boolean): Rect {
  const along = to - from + 1;
  const across = high - low + 1;
  return columns
    ? {y: box.y + low, x: box.x + from, height: across, width: along}
    : {y: box.y + from, x: box.x + low, height: along, width: across};
}

function rowExtents(region: Region, box: Rect): Extents {
  const first = new Int32Array(box.height);
  const last = new Int32Array(box.height);
  const end = box.x + box.width;
  for (let i = 0; i < box.height; i++) {
    const row = (box.y + i) * region.wordsPerRow;
    first[i] = nextSet(region.words, row, box.x, end) - box.x;
    last[i] = lastSet(region.words, row, box.x, end) - box.x;
  }
  return {first, last};
}

function columnExtents(region: Region, box: Rect): Extents {
  const first = new Int32Array(box.width).fill(box.height);
  const last = new Int32Array(box.width).fill(-1);
  meetColumns(region, box, first, 0, 1);
  meetColumns(region, box, last, box.height - 1, -1);
  return {first, last};
}

/** Notes for each column of the box the first of its rows that has it set, going from row `from` by `step`. */
function meetColumns(region: Region, box: Rect, met: Int32Array, from: number, step: 1 | -1): void {
  const end = box.x + box.width;
  const firstWord = box.x >>> 5;
  const lastWord = (end - 1) >>> 5;
  const open = new Int32Array(lastWord - firstWord + 1); // columns not met yet
  for (let w = firstWord; w <= lastWord; w++) open[w - firstWord] = rangeMask(w, box.x, end);
  let left = box.width;
  for (let i = from; i >= 0 && i < box.height && left > 0; i += step) {
    const row = (box.y + i) * region.wordsPerRow;
    for (let w = firstWord; w <= lastWord; w++) {
      const fresh = region.words[row + w] & open[w - firstWord];
      open[w - firstWord] ^= fresh;
      for (let rest = fresh; rest !== 0; rest &= rest - 1, left--) met[w * 32 + lowestBit(rest) - box.x] = i;
    }
  }
}

function countIn(region: Region, box: Rect): number {
  const end = box.x + box.width;
  const lastWord = (end - 1) >>> 5;
  let count = 0;
  for (let y = box.y; y < box.y + box.height; y++) {
    const row = y * region.wordsPerRow;
    for (let w = box.x >>> 5; w <= lastWord; w++)
      count += popcount(region.words[row + w] & rangeMask(w, box.x, end));
  }
  return count;
}

function areaOf(rect: Rect): number {
  return rect.height * rect.width;
}

function costOf(rects: readonly Rect[], callCost: number): number {
  return rects.reduce((sum, rect) => sum + areaOf(rect) + callCost, 0);
}

function byPlace(a: Rect, b: Rect): number {
  return a.y - b.y || a.x - b.x;
}
