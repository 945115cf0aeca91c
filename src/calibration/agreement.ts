/**
 * How far two predictions say the same: what a calibration holds on to. Each measure here makes a function of the
 * outputs with reuse and those of the model itself, 1 where they agree and 0 where nothing does.
 */
import * as tf from '@tensorflow/tfjs-core';
import {func, numeric, object, onlyKnown, shown} from '../checks';
import {tensorsOf, type Detection, type Keypoint, type Outputs} from './outputs';

function areaOf([y1, x1, y2, x2]: Detection['box']): number {
  return Math.max(0, y2 - y1) * Math.max(0, x2 - x1);
}

/** Intersection over union; 0 for boxes without area. */
function overlap(a: Detection['box'], b: Detection['box']): number {
  const common = areaOf([
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.min(a[2], b[2]),
    Math.min(a[3], b[3]),
  ]);
  return common > 0 ? common / (areaOf(a) + areaOf(b) - common) : 0;
}

/** How many of the detections have a partner of their class among the others; the highest scores choose first. */
function matches(detections: readonly Detection[], others: readonly Detection[], least: number): number {
  const free = new Set(others);
  const inOrder = [...detections].sort((a, b) => b.score - a.score);
  let count = 0;
  for (const {box, class: own} of inOrder) {
    let best: Detection | null = null;
    let most = least;
    for (const other of free) {
      const shared = other.class === own ? overlap(box, other.box) : -1;
      if (shared < most || (shared === most && best !== null)) continue;
      best = other;
      most = shared;
    }
    if (best === null) continue;
    free.delete(best);
    count++;
  }
  return count;
}

/**
 * Tensors that a decoder makes on its way are disposed.
 * @throws where it gives no list
 */
function decoded<T extends ArrayLike<unknown>>(decode: (outputs: Outputs) => T, outputs: Outputs): T {
  let result: T;
  tf.tidy(() => void (result = decode(outputs)));
  if (Array.isArray(result!) || ArrayBuffer.isView(result!)) return result;
  throw new Error(
    `agreements: decode() must give an array, or a tensor's dataSync(); got ${shown(result!)}.`,
  );
}

/** @throws where an option of a measure is misspelt or of another type; `numbers` are its own, but for `decode` */
function check(name: string, options: Readonly<Record<string, unknown>>, numbers: readonly string[]): void {
  const what = `agreements.${name}: options`;
  onlyKnown(what, object(what, options, '{decode}'), ['decode', ...numbers]);
  for (const key of numbers) if (options[key] !== undefined) numeric(`${what}.${key}`, options[key], {});
}

/**
 * Detectors: the F1 score of the detections with reuse against the model's own. Two are the same if they are of one class
 * and overlap by at least `iou` (intersection over union); each has one partner, and the highest scores choose first.
 * 1 where neither finds anything.
 * @param options.decode the detections in outputs, after non-maximum suppression; tensors it makes are disposed
 * @param options.score detections below it are left out, of both. Default 0.3
 * @param options.iou default 0.5
 */
export function detections(options: {
  decode: (outputs: Outputs) => readonly Detection[];
  score?: number;
  iou?: number;
}): (reuse: Outputs, dense: Outputs) => number {
  check('detections', options, ['score', 'iou']);
  const {decode, score = 0.3, iou = 0.5} = options;
  func('agreements.detections: options.decode', decode);
  const found = (outputs: Outputs) =>
    decoded(decode, outputs).filter((detection) => detection.score >= score);
  return (reuse, dense) => {
    const [a, b] = [found(reuse), found(dense)];
    return a.length + b.length === 0 ? 1 : (2 * matches(a, b, iou)) / (a.length + b.length);
  };
}

/**
 * Poses, hands, faces: the share of the model's own key points of at least `score` that lie within `within` of the same
 * key points with reuse. 1 where it has none of that score.
 * @param options.decode key points in an order that is always the same; what is missing with reuse is not within. Points
 *   that name their `part` are compared with all of that part, since a model of several people finds them in any order
 * @param options.score default 0.5; points below it are no more than guesses, and left out
 * @param options.within Euclidean, in the unit of the points. Default 2
 */
export function keypoints(options: {
  decode: (outputs: Outputs) => readonly Keypoint[];
  score?: number;
  within?: number;
}): (reuse: Outputs, dense: Outputs) => number {
  check('keypoints', options, ['score', 'within']);
  const {decode, score = 0.5, within = 2} = options;
  func('agreements.keypoints: options.decode', decode);
  return (reuse, dense) => {
    const actual = decoded(decode, reuse);
    const near = decoded(decode, dense).flatMap((point, i) => {
      if (point.score < score) return [];
      const others =
        point.part === undefined ? actual.slice(i, i + 1) : actual.filter(({part}) => part === point.part);
      return [others.some((other) => Math.hypot(other.y - point.y, other.x - point.x) <= within)];
    });
    return near.length === 0 ? 1 : near.filter((is) => is).length / near.length;
  };
}

/**
 * Segmentation, mattes: the intersection over union of the values above `threshold`. 1 where neither has any.
 * @param options.decode the mask's values; by default those of the only output
 * @param options.threshold default 0.5
 * @throws where the two masks are not of one size, or there is more than one output and no `decode`
 */
export function masks(
  options: {decode?: (outputs: Outputs) => ArrayLike<number>; threshold?: number} = {},
): (reuse: Outputs, dense: Outputs) => number {
  check('masks', options, ['threshold']);
  const {decode = onlyOutput, threshold = 0.5} = options;
  func('agreements.masks: options.decode', decode);
  return (reuse, dense) => {
    const [a, b] = [decoded(decode, reuse), decoded(decode, dense)];
    if (a.length !== b.length)
      throw new Error(`agreements.masks: one mask has ${a.length} values, the other ${b.length}.`);
    let [both, either] = [0, 0];
    for (let i = 0; i < a.length; i++) {
      const [inA, inB] = [a[i] > threshold, b[i] > threshold];
      if (inA && inB) both++;
      if (inA || inB) either++;
    }
    return either === 0 ? 1 : both / either;
  };
}

/**
 * Any model: 1 less the relative distance of the outputs, |reuse − dense| / |dense| over all values of all outputs taken
 * together, and no less than 0. Where the model's own outputs are all 0: 1 if those with reuse are too, else 0.
 * @throws where the outputs are not of one form
 */
export function raw(): (reuse: Outputs, dense: Outputs) => number {
  return (reuse, dense) => {
    const [a, b] = [tensorsOf(reuse), tensorsOf(dense)];
    const isSameForm = a.length === b.length && a.every(({size}, i) => size === b[i].size);
    if (!isSameForm) throw new Error('agreements.raw: the two predictions have outputs of different sizes.');
    let [distance, size] = [0, 0];
    b.forEach((tensor, k) => {
      const [actual, expected] = [a[k].dataSync(), tensor.dataSync()];
      for (let i = 0; i < expected.length; i++) {
        distance += (actual[i] - expected[i]) ** 2;
        size += expected[i] ** 2;
      }
    });
    if (distance === 0) return 1;
    return size === 0 ? 0 : Math.max(0, 1 - Math.sqrt(distance / size));
  };
}

function onlyOutput(outputs: Outputs): ArrayLike<number> {
  const tensors = tensorsOf(outputs);
  if (tensors.length === 1) return tensors[0].dataSync();
  throw new Error(
    `agreements.masks: the model has ${tensors.length} outputs; say with 'decode' which values are the mask.`,
  );
}
