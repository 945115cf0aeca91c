/** The pretrained models that are measured: their input's size and scale, and the task's own measure where there is one. */
import * as tf from '@tensorflow/tfjs-core';
import {agreements} from '../../src';
import {modelNamed} from '../../examples/camera/models';
import type {CameraModel} from '../../examples/camera/models/task';
import type {Picture} from '../../examples/camera/pictures';
import type {Size} from '../../examples/camera/resize';

export type Outputs = tf.Tensor | tf.Tensor[] | tf.NamedTensorMap;
export type Agreement = (reuse: Outputs, dense: Outputs) => number;

export interface MeasuredModel {
  readonly name: string;
  readonly size: Size;
  /** The input tensor of a picture of that size; the caller's to dispose. */
  encode(picture: Picture): tf.Tensor;
  /** Outputs to ask for; the model's own where there are none named. */
  readonly outputs?: readonly string[];
  /** What one of 255 grey levels is at the input. */
  readonly greyLevel: number;
  /** Whether it needs `executeAsync`. */
  readonly waits: boolean;
  /** Null where no task's measure is known here: then raw outputs are compared. */
  readonly agreement: {readonly title: string; readonly of: Agreement} | null;
}

/** Models whose results are decoded, by their names: what is measured of them. */
const TASKS = ['centernet', 'posenet', 'nanodet', 'selfie', 'meet'];

interface Plain {
  readonly size: Size;
  readonly scale: number;
  readonly shift: number;
  readonly dtype: 'float32' | 'int32';
  readonly grey?: boolean;
  readonly waits?: boolean;
}

const side = (pixels: number): Size => ({height: pixels, width: pixels});

const PLAIN: Readonly<Record<string, Plain>> = {
  'movenet-lightning': {size: side(192), scale: 1, shift: 0, dtype: 'int32'},
  'movenet-multipose': {size: side(256), scale: 1, shift: 0, dtype: 'int32'},
  blazeface: {size: side(256), scale: 1 / 127.5, shift: -1, dtype: 'float32'},
  facemesh: {size: side(192), scale: 1 / 255, shift: 0, dtype: 'float32'},
  emotion: {size: side(64), scale: 1 / 127.5, shift: -1, dtype: 'float32', grey: true},
  handtrack: {size: {height: 240, width: 320}, scale: 1, shift: 0, dtype: 'int32', waits: true},
  efficientpose: {size: side(368), scale: 1 / 127.5, shift: -1, dtype: 'float32'},
};

export const MODEL_NAMES = [...TASKS, ...Object.keys(PLAIN)];

export function measuredModel(name: string): MeasuredModel {
  return TASKS.includes(name) ? ofTask(modelNamed(name)) : ofPlain(name, PLAIN[name]);
}

function ofTask(task: CameraModel): MeasuredModel {
  const {name, size, shape, greyLevel, outputs} = task;
  return {
    name,
    size,
    outputs,
    greyLevel,
    waits: false,
    encode: (picture) => tf.tensor(task.encode(picture), [...shape], 'float32'),
    agreement: agreementOf(task),
  };
}

function ofPlain(name: string, {size, scale, shift, dtype, grey, waits = false}: Plain): MeasuredModel {
  const {height, width} = size;
  return {
    name,
    size,
    greyLevel: scale,
    waits,
    agreement: null,
    encode({values}) {
      const scaled = Float32Array.from(values, (value) => value * scale + shift);
      if (!grey) return tf.tensor(scaled, [1, height, width, 3], dtype);
      return tf.tidy(() => tf.mean(tf.tensor(scaled, [1, height, width, 3]), 3, true));
    },
  };
}

/** Detections, key points or a mask, as the outputs decode to. */
function agreementOf(task: CameraModel): NonNullable<MeasuredModel['agreement']> {
  const decoded = (outputs: Outputs) =>
    task.decode(listOf(outputs).map((tensor) => tensor.dataSync<'float32'>()));
  if (task.finds === 'detections') {
    const decode = (outputs: Outputs) => {
      const result = decoded(outputs);
      return result.kind === 'detections' ? [...result.detections] : [];
    };
    return {title: 'F1 of detections', of: agreements.detections({decode, score: 0.3, iou: 0.5})};
  }
  if (task.finds === 'poses') {
    const decode = (outputs: Outputs) => {
      const result = decoded(outputs);
      return result.kind === 'poses' ? result.poses.flatMap(({points}) => points) : [];
    };
    return {title: 'key points within 2 pixels', of: agreements.keypoints({decode, score: 0.5, within: 2})};
  }
  const decode = (outputs: Outputs) => {
    const result = decoded(outputs);
    return result.kind === 'mask' ? result.mask.values : new Float32Array();
  };
  return {title: 'IoU of masks', of: agreements.masks({decode})};
}

function listOf(outputs: Outputs): tf.Tensor[] {
  if (outputs instanceof tf.Tensor) return [outputs];
  return Array.isArray(outputs) ? outputs : Object.values(outputs);
}
