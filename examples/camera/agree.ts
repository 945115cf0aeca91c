/** How far two predictions of one frame agree, by what the model is used for: 1 is the same, 0 is nothing in common. */
import * as tf from '@tensorflow/tfjs-core';
import {agreements, type Outputs} from '../../src';
import type {CameraModel, Detection, Pose} from './models/task';

/** Key points less sure than this are not looked at. */
const LEAST_POINT = 0.3;

/**
 * Side of the box that stands for a key point, in pixels of the model's input. Boxes of a part are one if they overlap by
 * half, so key points may be 8 pixels apart along an axis.
 */
const POINT_BOX = 24;

type Measure = (reuse: Outputs, dense: Outputs) => number;

/** The task's own measure, of what `execute` gives for the task's outputs; as `calibrate` takes it. */
export function agreementOf(task: CameraModel): Measure {
  if (task.finds === 'mask') return agreements.masks({decode: (outputs) => maskIn(task, outputs)});
  return agreements.detections({decode: (outputs) => detectionsIn(task, outputs), score: 0});
}

/** A measure of values that were read from tensors already. */
export function ofValues(measure: Measure): (reuse: Values, dense: Values) => number {
  const tensors = (values: Values) => values.map((one) => tf.tensor1d(one));
  return (reuse, dense) => {
    let result = 0;
    tf.tidy(() => {
      result = measure(tensors(reuse), tensors(dense));
    });
    return result;
  };
}

type Values = readonly Float32Array[];

function resultIn(task: CameraModel, outputs: Outputs) {
  const tensors = outputs instanceof tf.Tensor ? [outputs] : Object.values(outputs);
  return task.decode(tensors.map((tensor) => tensor.dataSync<'float32'>()));
}

function maskIn(task: CameraModel, outputs: Outputs): Float32Array {
  const result = resultIn(task, outputs);
  if (result.kind === 'mask') return result.mask.values;
  throw new Error(`${task.name} was to give a mask, but gave ${result.kind}.`);
}

function detectionsIn(task: CameraModel, outputs: Outputs): readonly Detection[] {
  const result = resultIn(task, outputs);
  if (result.kind === 'detections') return result.detections;
  if (result.kind === 'poses') return result.poses.flatMap(boxesOf);
  throw new Error(`${task.name} was to give detections or poses, but gave a ${result.kind}.`);
}

/** Of the key points that are sure enough; its class is the part. */
function boxesOf({points}: Pose): Detection[] {
  const half = POINT_BOX / 2;
  return points
    .filter(({score}) => score >= LEAST_POINT)
    .map(({x, y, score, part}) => ({box: [y - half, x - half, y + half, x + half], score, class: part}));
}
