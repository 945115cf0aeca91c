/** The models, by name. */
import {centernet} from './centernet';
import {nanodet} from './nanodet';
import {posenet} from './posenet';
import {meet, selfie} from './segmentation';
import type {CameraModel} from './task';

export const MODELS: readonly CameraModel[] = [posenet, centernet, nanodet, selfie, meet];

export const MODEL_NAMES = MODELS.map(({name}) => name);

/** @throws where none has that name */
export function modelNamed(name: string): CameraModel {
  const found = MODELS.find((model) => model.name === name);
  if (!found) throw new Error(`There is no model '${name}'. There are: ${MODEL_NAMES.join(', ')}.`);
  return found;
}
