/** CenterNet on MobileNetV3: COCO's classes, decoded within the model. Its input is bytes as they are. */
import {suppress} from './boxes';
import type {CameraModel, Detection} from './task';

const SIDE = 512;

/** The least sure that counts. */
const LEAST_SCORE = 0.3;

/** Left, top, right, bottom, score, class. */
const COLUMNS = 6;

export const centernet: CameraModel = {
  name: 'centernet',
  finds: 'detections',
  size: {height: SIDE, width: SIDE},
  shape: [1, SIDE, SIDE, 3],
  greyLevel: 1,
  outputs: ['tower_0/detections'],
  encode: ({values}) => Float32Array.from(values),
  decode: ([rows]) => ({kind: 'detections', detections: suppress(detectionsOf(rows))}),
};

function detectionsOf(rows: Float32Array): Detection[] {
  const found: Detection[] = [];
  for (let at = 0; at < rows.length; at += COLUMNS) {
    const [left, top, right, bottom, score, index] = rows.subarray(at, at + COLUMNS);
    if (score < LEAST_SCORE) continue;
    found.push({box: [top, left, bottom, right], score, class: index});
  }
  return found;
}
