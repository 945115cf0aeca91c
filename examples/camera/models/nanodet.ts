/**
 * NanoDet: for each cell of three grids, COCO's 80 class scores, and for each side of the box around the cell's middle a
 * distribution over distances. Its input is planar, blue first, by ImageNet's mean and deviation.
 */
import {suppress} from './boxes';
import type {CameraModel, Detection} from './task';
import type {Picture} from '../pictures';

const SIDE = 416;
const CLASSES = 80;

/** Distances of 0 to 10 cells. */
const BINS = 11;

const LEAST_SCORE = 0.4;

/** A cell's side in pixels, and the outputs of its grid. */
const GRIDS = [
  {stride: 8, scores: 'Identity:0', sides: 'Identity_3:0'},
  {stride: 16, scores: 'Identity_1:0', sides: 'Identity_4:0'},
  {stride: 32, scores: 'Identity_2:0', sides: 'Identity_5:0'},
];

/** Blue, green and red, in grey levels. */
const MEAN = [103.53, 116.28, 123.675];
const DEVIATION = [57.375, 57.12, 58.395];

export const nanodet: CameraModel = {
  name: 'nanodet',
  finds: 'detections',
  size: {height: SIDE, width: SIDE},
  shape: [1, 3, SIDE, SIDE],
  greyLevel: 1 / Math.min(...DEVIATION),
  outputs: GRIDS.flatMap(({scores, sides}) => [scores, sides]),
  encode,
  decode: (outputs) => {
    const found = GRIDS.flatMap(({stride}, i) => detectionsOf(outputs[2 * i], outputs[2 * i + 1], stride));
    return {kind: 'detections', detections: suppress(found)};
  },
};

function encode({values}: Picture): Float32Array {
  const plane = SIDE * SIDE;
  const input = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    for (let pixel = 0; pixel < plane; pixel++) {
      const level = values[3 * pixel + 2 - channel];
      input[channel * plane + pixel] = (level - MEAN[channel]) / DEVIATION[channel];
    }
  }
  return input;
}

function detectionsOf(scores: Float32Array, sides: Float32Array, stride: number): Detection[] {
  const cells = SIDE / stride;
  const found: Detection[] = [];
  for (let cell = 0; cell < cells * cells; cell++) {
    const own = scores.subarray(cell * CLASSES, (cell + 1) * CLASSES);
    const score = Math.max(...own);
    if (score < LEAST_SCORE) continue;
    const [left, top, right, bottom] = [0, 1, 2, 3].map(
      (side) => stride * meanBin(sides.subarray((4 * cell + side) * BINS, (4 * cell + side + 1) * BINS)),
    );
    const x = ((cell % cells) + 0.5) * stride;
    const y = (Math.floor(cell / cells) + 0.5) * stride;
    found.push({box: [y - top, x - left, y + bottom, x + right], score, class: own.indexOf(score)});
  }
  return found;
}

/** The expected bin of a distribution given as logits. */
function meanBin(logits: Float32Array): number {
  const largest = Math.max(...logits);
  let [sum, weighted] = [0, 0];
  logits.forEach((logit, bin) => {
    const weight = Math.exp(logit - largest);
    sum += weight;
    weighted += weight * bin;
  });
  return weighted / sum;
}
