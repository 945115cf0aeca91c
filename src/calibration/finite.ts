/** NaN and infinities in a clip: neither noise nor agreement can be worked out of them. */
import type {Tensor} from '@tensorflow/tfjs-core';
import {tensorsOf, type Outputs} from './outputs';
import type {Calibratable} from './source';

const TO_DO = 'Replace such values, or leave this frame out of the clip.';

/** @throws where one of the frames holds NaN or an infinity */
export async function checkFrames<F>(source: Calibratable<F>, frames: readonly F[]): Promise<void> {
  for (const [t, frame] of frames.entries()) {
    for (const {values} of await source.read(frame)) {
      const odd = values.find(isOdd);
      if (odd !== undefined) throw new Error(`calibrate: frames[${t}] holds ${odd}. ${TO_DO}`);
    }
  }
}

/**
 * For a frame that no agreement could be had of.
 * @throws where that is because the model's own outputs hold NaN or an infinity
 */
export async function checkOutputs(dense: Outputs, t: number): Promise<void> {
  for (const tensor of tensorsOf(dense)) {
    const odd = (await numbersOf(tensor)).find(isOdd);
    if (odd === undefined) continue;
    throw new Error(
      `calibrate: the model's own output for frames[${t}] holds ${odd}, and agreement() gave NaN for it. ${TO_DO} ` +
        'Or give an agreement() that passes over such values.',
    );
  }
}

const isOdd = (value: number) => !Number.isFinite(value);

/** Only floats can be odd. */
async function numbersOf(tensor: Tensor): Promise<Float32Array> {
  return tensor.dtype === 'float32' ? tensor.data<'float32'>() : new Float32Array();
}
