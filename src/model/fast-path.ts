/**
 * The way of a frame that is like the one before it: one tensor of the same shape and type, and no options. What was found
 * out and checked for that one holds for this one too, so that it goes straight to its stream; or, where the policy rests, to
 * the wrapped model. Whatever differs goes the general way.
 *
 * What a frame costs here is mostly code and data that the model has driven out of the processor's caches, so this looks
 * at little and writes less.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {Program} from '../engines';
import type {Decider, FrameOptions} from '../stream';
import {asPlanned, needsCast} from './frames';
import type {PredictInput} from './inputs';
import type {Plans} from './plans';
import type {Request} from './request';
import type {Streams} from './streams';
import type {Prediction} from './wrapped';

/** What holds for every frame like this one. */
interface Like {
  readonly program: Program;
  readonly outputs: readonly string[];
  readonly options: FrameOptions;
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
}

export class FastPath {
  private like: Like | null = null;

  constructor(
    private readonly plans: Plans,
    private readonly streams: Streams,
  ) {}

  /** Opens the way for frames like this one, which has just gone the general way without options. */
  open(x: PredictInput, {program, inputs, outputs, options}: Request): void {
    if (!(x instanceof tf.Tensor) || inputs.rows > 1 || needsCast(x, this.plans.wrapped.inputs[0])) return;
    this.like = {program, outputs, options: options[0], shape: x.shape, dtype: x.dtype};
  }

  close(): void {
    this.like = null;
  }

  takes(x: PredictInput): x is tf.Tensor {
    const {like, plans} = this;
    return (
      like !== null &&
      x instanceof tf.Tensor &&
      !x.isDisposed &&
      x.dtype === like.dtype &&
      sameShape(x.shape, like.shape) &&
      plans.isCurrent(like.program) &&
      !plans.wrapped.isDisposed &&
      !tf.engine().isTapeOn()
    );
  }

  /** Only for what it takes. */
  predict(x: tf.Tensor): Prediction {
    const {program, options} = this.like!;
    const {decider} = this.streams.take(0, program, options);
    if (decider.restsOn(program)) return this.predictDensely(x, decider);
    // An engine that reads values leaves no tensors behind but the outputs.
    const outputs = program.reads === 'values' ? this.compute(x) : tf.tidy(() => this.compute(x));
    return this.plans.wrapped.pack(outputs);
  }

  private compute(x: tf.Tensor): tf.Tensor[] {
    const {program, outputs, options} = this.like!;
    const dense = () => this.plans.wrapped.predict([x], outputs);
    return this.streams.take(0, program, options).predict(program, asPlanned(program, [x]), options, dense);
  }

  private predictDensely(x: tf.Tensor, decider: Decider): Prediction {
    const start = performance.now();
    try {
      const prediction = this.plans.wrapped.predictOne(x);
      decider.restOn(performance.now() - start);
      return prediction;
    } catch (error) {
      decider.last.clear();
      throw error;
    }
  }
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) {
    if (a[axis] !== b[axis]) return false;
  }
  return true;
}
