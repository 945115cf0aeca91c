/**
 * The way of a frame that goes to the wrapped model because the policy rests: one tensor like the one before it, and no
 * options. It decides nothing and checks little: whatever differs from the frame before goes the general way.
 *
 * What a frame costs here is mostly code and data that the model has driven out of the processor's caches, so this looks
 * at little and writes less.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {Program} from '../engines';
import type {Stream} from '../stream';
import type {PredictInput} from './inputs';
import type {Plans} from './plans';
import type {Prediction} from './wrapped';

export class DenseFastPath {
  private stream: Stream | null = null;
  private program: Program | null = null;
  private shape: readonly number[] = [];
  private dtype: tf.DataType = 'float32';

  constructor(private readonly plans: Plans) {}

  /** Opens the way for frames like this one, which has just gone the general way without options; where it was a rest. */
  open(x: PredictInput, stream: Stream, program: Program): void {
    const {inputs, rowwise} = this.plans.wrapped;
    if (!(x instanceof tf.Tensor) || inputs.length > 1 || (rowwise && x.shape[0] > 1)) return;
    if (!stream.restsOn(program) || !this.plans.isCurrent(program)) return;
    this.stream = stream;
    this.program = program;
    this.shape = x.shape;
    this.dtype = x.dtype;
  }

  close(): void {
    this.stream = null;
  }

  takes(x: PredictInput): x is tf.Tensor {
    return (
      this.stream !== null &&
      x instanceof tf.Tensor &&
      !x.isDisposed &&
      x.dtype === this.dtype &&
      sameShape(x.shape, this.shape) &&
      this.stream.restsOn(this.program!) &&
      this.plans.isCurrent(this.program!) &&
      !tf.engine().isTapeOn()
    );
  }

  /** Only for what it takes. */
  predict(x: tf.Tensor): Prediction {
    const start = performance.now();
    const prediction = this.plans.wrapped.predictOne(x);
    this.stream!.restOn(performance.now() - start);
    return prediction;
  }
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) {
    if (a[axis] !== b[axis]) return false;
  }
  return true;
}
