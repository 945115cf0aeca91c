/**
 * What an op is as a cut point: where the activations that go back region by region end, and a row for each frame goes to the
 * layers above. A pixel gets the gradient of all frames that used it at once: a difference of two running sums, in float64.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {Op} from '../../../graph';
import type {WeightTensors} from '../../shared/weights';
import type {GradientPlane} from '../memory/gradient-plane';
import type {Memory} from '../memory/memory';
import type {Operand} from '../step/step';

/** What the backward pass hands to a cut point. */
export interface CutPointSetting {
  readonly memory: Memory;
  /** The activation below, as it is in the frame under way. */
  operand(): Operand;
  readonly prepared: WeightTensors;
  readonly frames: number;
  /** The loss's gradients for the cut point's rows. */
  readonly rows: Float32Array;
  /** Where the gradient of the activation below runs up; null where nobody wants it. */
  readonly below: GradientPlane | null;
}

export interface BackwardCutPoint {
  /** Before a frame's pixels break. */
  enter?(frame: number): void;
  /** These pixels of its input were last what they are now in this frame. */
  flush?(frame: number, pixels: Int32Array): void;
  gradients?(): Record<string, Float32Array>;
  dispose?(): void;
}

export interface CutPointOp<O extends Op> {
  /** A frame's row, from its partial sums; left out where it is the output. */
  row?(partials: tf.Tensor, prepared: WeightTensors): tf.Tensor;
  /** The outputs of many frames, from their rows; left out where they are the rows. */
  finish?(op: O, rows: tf.Tensor): tf.Tensor;
  open(op: O, setting: CutPointSetting): BackwardCutPoint;
}

/** The sums of the rows' gradients from the frame under way to the last one that used each pixel. */
export class SharedRows {
  private readonly prefix: Float64Array;
  private readonly last: Int32Array;

  constructor({rows, frames}: CutPointSetting, pixels: number) {
    const size = rows.length / frames;
    this.prefix = new Float64Array((frames + 1) * size);
    rows.forEach((value, i) => (this.prefix[i + size] = this.prefix[i] + value));
    this.last = new Int32Array(pixels).fill(frames);
  }

  take(frame: number, pixels: Int32Array, size: number): tf.Tensor2D {
    const {prefix, last} = this;
    const sums = new Float32Array(pixels.length * size);
    pixels.forEach((pixel, i) => {
      const [from, to] = [frame * size, last[pixel] * size];
      for (let u = 0; u < size; u++) sums[i * size + u] = prefix[to + u] - prefix[from + u];
      last[pixel] = frame;
    });
    return tf.tensor2d(sums, [pixels.length, size]);
  }

  /** The sum over all frames. */
  total(size: number): Float32Array {
    return Float32Array.from(this.prefix.subarray(this.prefix.length - size));
  }
}
