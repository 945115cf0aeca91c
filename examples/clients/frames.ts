/** What clients are shown: a recorded game, a fixed camera, and sprites that move over a still picture. */
import {tensor3d, type Tensor3D} from '@tensorflow/tfjs';
import {openRecording, type Recording} from '../atari/recording';
import {openClip} from '../camera/clips';
import type {Picture} from '../camera/pictures';
import {resize, type Size} from '../camera/resize';

export const CLIPS = ['sprites', 'pong', 'camera'] as const;
export type Clip = (typeof CLIPS)[number];

/** A screen of Pong's recording where the ball is in play. */
const FIRST_SCREEN = 100;

export function framesOf(clip: Clip, frames: number, size: Size): Tensor3D[] {
  const pictures = clip === 'pong' ? pong(frames, size) : openClip({clip, frames}, size);
  return pictures.map(({height, width, values}) => tensor3d(values, [height, width, 3], 'int32'));
}

function pong(frames: number, size: Size): Picture[] {
  const recording = openRecording('Pong');
  const pictures: Picture[] = [];
  let at = 0;
  for (const screen of recording.screens()) {
    if (at++ < FIRST_SCREEN) continue;
    pictures.push(resize(inColour(screen, recording), size));
    if (pictures.length === frames) break;
  }
  return pictures;
}

function inColour(screen: Uint8Array, {header: {height, width, palette}}: Recording): Picture {
  const values = new Uint8Array(height * width * 3);
  screen.forEach((index, pixel) => values.set(palette[index], 3 * pixel));
  return {height, width, values};
}
