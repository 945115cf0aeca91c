/** Two models that tell a person before a camera from what is behind: MediaPipe's Selfie and Meet segmentation. */
import type {CameraModel} from './task';

const encode: CameraModel['encode'] = ({values}) => Float32Array.from(values, (level) => level / 255);

export const selfie: CameraModel = {
  name: 'selfie',
  finds: 'mask',
  size: {height: 256, width: 256},
  shape: [1, 256, 256, 3],
  greyLevel: 1 / 255,
  outputs: ['activation_10:0'],
  encode,
  decode: ([values]) => ({kind: 'mask', mask: {...selfie.size, values}}),
};

export const meet: CameraModel = {
  name: 'meet',
  finds: 'mask',
  size: {height: 144, width: 256},
  shape: [1, 144, 256, 3],
  greyLevel: 1 / 255,
  outputs: ['segment:0'],
  encode,
  decode: ([logits]) => ({kind: 'mask', mask: {...meet.size, values: secondOfTwo(logits)}}),
};

/** The softmax's second class, a person, of pairs of logits: background, person. */
function secondOfTwo(logits: Float32Array): Float32Array {
  return Float32Array.from(
    {length: logits.length / 2},
    (_, i) => 1 / (1 + Math.exp(logits[2 * i] - logits[2 * i + 1])),
  );
}
