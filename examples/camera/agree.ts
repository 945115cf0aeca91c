/** How far two results of one frame agree, by what the model is used for: 1 is the same, 0 is nothing in common. */
import {intersectionOverUnion} from './models/boxes';
import type {KeyPoint, Mask, Pose, Result} from './models/task';

/** Boxes of a class that overlap by so much are one detection. */
export const SAME_BOX = 0.5;

/** Pixels of the model's input within which key points of a part are one. */
export const SAME_POINT = 8;

/** Key points less sure than this are not looked at. */
const LEAST_POINT = 0.3;

/** A pixel of a mask shows a person from here on. */
const INSIDE = 0.5;

export function agreement(a: Result, b: Result): number {
  if (a.kind === 'detections' && b.kind === 'detections') {
    return f1(
      a.detections,
      b.detections,
      (one, other) => one.class === other.class && intersectionOverUnion(one.box, other.box) >= SAME_BOX,
    );
  }
  if (a.kind === 'poses' && b.kind === 'poses') {
    return f1(
      pointsOf(a.poses),
      pointsOf(b.poses),
      (one, other) => one.part === other.part && Math.hypot(one.x - other.x, one.y - other.y) <= SAME_POINT,
    );
  }
  if (a.kind === 'mask' && b.kind === 'mask') return maskOverlap(a.mask, b.mask);
  throw new Error(`Results of two kinds, ${a.kind} and ${b.kind}, cannot be compared.`);
}

function pointsOf(poses: readonly Pose[]): KeyPoint[] {
  return poses.flatMap(({points}) => points).filter(({score}) => score >= LEAST_POINT);
}

/** Of a matching, the surest first: twice the matched over all. Two empty lists are the same. */
function f1<T extends {readonly score: number}>(
  a: readonly T[],
  b: readonly T[],
  match: (one: T, other: T) => boolean,
): number {
  if (a.length + b.length === 0) return 1;
  const left = [...b];
  let matched = 0;
  for (const one of [...a].sort((x, y) => y.score - x.score)) {
    const at = left.findIndex((other) => match(one, other));
    if (at < 0) continue;
    left.splice(at, 1);
    matched++;
  }
  return (2 * matched) / (a.length + b.length);
}

function maskOverlap(a: Mask, b: Mask): number {
  let [both, either] = [0, 0];
  a.values.forEach((value, pixel) => {
    const [one, other] = [value >= INSIDE, b.values[pixel] >= INSIDE];
    if (one && other) both++;
    if (one || other) either++;
  });
  return either === 0 ? 1 : both / either;
}
