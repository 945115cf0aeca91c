/** Boxes that overlap, and which of them to keep. */
import type {Box, Detection} from './task';

/** Area of what both cover over that of what either covers. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (a.width * a.height + b.width * b.height - both);
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
