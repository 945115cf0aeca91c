/** Boxes that overlap, and which of them to keep. */
import type {Box, Detection} from './task';

/** Area of what both cover over that of what either covers. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const [top, left] = [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
  const [bottom, right] = [Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  const both = areaOf([top, left, bottom, right]);
  return both > 0 ? both / (areaOf(a) + areaOf(b) - both) : 0;
}

/** 0 where nothing lies between the sides. */
function areaOf([top, left, bottom, right]: Box): number {
  return Math.max(0, bottom - top) * Math.max(0, right - left);
}

/** Non-maximum suppression: the surest detections, of which no two of a class overlap by more than `most`. */
export function suppress(detections: readonly Detection[], most = 0.5): Detection[] {
  const kept: Detection[] = [];
  for (const one of [...detections].sort((a, b) => b.score - a.score)) {
    const isNew = kept.every(
      (other) => other.class !== one.class || intersectionOverUnion(one.box, other.box) <= most,
    );
    if (isNew) kept.push(one);
  }
  return kept;
}
