/** Telling a frame's values apart. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {FrameValue} from '../engine';

/** `instanceof` would ask an image for its values, and so have it drawn. */
export const isTensor = (value: FrameValue): value is Tensor => 'dataId' in value;
