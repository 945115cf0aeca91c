/**
 * From what a caller passes to the tensors of the result: checks it, and says who computes it. That is the streams, for what
 * can be planned; the wrapped model, for what it alone can say something of, and for frames that come while one is awaited.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {Execution, valuesInto} from './execution';
import {FastPath} from './fast-path';
import {disposeValues} from './frames';
import type {InputArray} from './arrays';
import {ownCopy, readInputs, type PredictInput} from './inputs';
import type {Plans} from './plans';
import {Queue} from './queue';
import {ownOptions, planShapes, readRequest, type Asked, type PredictOptions, type Request} from './request';
import type {Streams} from './streams';
import type {Fed, Prediction, Wrapped} from './wrapped';

export class Predictor {
  readonly queue = new Queue();
  private readonly wrapped: Wrapped;
  private readonly fastPath: FastPath;
  private readonly execution: Execution;

  constructor(
    private readonly plans: Plans,
    private readonly streams: Streams,
  ) {
    this.wrapped = plans.wrapped;
    this.fastPath = new FastPath(plans, streams);
    this.execution = new Execution(plans.wrapped, streams);
  }

  /** The prediction where the frame is like the one before it; null where it has to go the general way. */
  predictAlike(x: PredictInput): Prediction | null {
    return this.fastPath.takes(x) ? this.fastPath.predict(x) : null;
  }

  /** To be called whenever the next frame is not just one more. */
  interrupt(): void {
    this.fastPath.close();
  }

  /** @param options null where the caller gave none */
  predict(x: PredictInput, outputs: readonly string[], options: PredictOptions | null): tf.Tensor[] {
    const fed = this.fed(x, options);
    if (fed) return fed.execute(outputs);
    const asked = this.ask(x, outputs);
    if (this.isTheModels(asked)) return this.predictPlainly(asked, options);
    if (!this.queue.isIdle) return this.predictMeanwhile(asked, options);
    const request = this.requestOf(asked, options);
    const result = this.execution.predict(request);
    if (options === null) this.fastPath.open(x, request);
    return result;
  }

  /** The same without blocking. */
  async predictAsync(
    x: PredictInput,
    outputs: readonly string[],
    options: PredictOptions | null,
  ): Promise<tf.Tensor[]> {
    const fed = this.fed(x, options);
    if (fed) return fed.executeAsync(outputs);
    const {inputs: given} = this.ask(x, outputs);
    // The frame is taken now: its buffer may be refilled and its tensor disposed before it is computed.
    const own = ownOptions(options, this.wrapped);
    const asked = {outputs, inputs: ownCopy(given)};
    this.interrupt();
    return this.queue.add(async () => {
      try {
        return await this.computeAsync(asked, own);
      } finally {
        disposeValues(asked.inputs.values);
      }
    });
  }

  /** The values of the only output, in `out` where there is one. */
  run(input: InputArray, outputs: readonly string[], out: Float32Array | undefined): Float32Array {
    const asked = this.ask(input, outputs);
    if (this.isTheModels(asked)) return valuesInto(out, () => this.predictPlainly(asked, null));
    if (!this.queue.isIdle) return valuesInto(out, () => this.predictMeanwhile(asked, null));
    return this.execution.run(this.requestOf(asked, null), out);
  }

  /** What is fed in its midst the model computes: it is no frame, and what a caller says of the next one no word on all that changed. */
  private fed(x: PredictInput, options: PredictOptions | null): Fed | null {
    const fed = this.wrapped.fed(x);
    if (!fed) return null;
    ownOptions(options, this.wrapped);
    this.queue.afterAll(() => this.streams.lose());
    return fed;
  }

  private ask(x: PredictInput, outputs: readonly string[]): Asked {
    return {inputs: readInputs(x, this.wrapped), outputs};
  }

  /** Whether the model itself has to say what comes of it: nothing can be planned for inputs without values. */
  private isTheModels({inputs: {shapes}}: Asked): boolean {
    return this.wrapped.isDisposed || shapes.some((shape) => shape.includes(0));
  }

  private predictPlainly(asked: Asked, options: PredictOptions | null): tf.Tensor[] {
    ownOptions(options, this.wrapped);
    this.queue.afterAll(() => this.streams.lose());
    return this.execution.predictPlainly(asked);
  }

  /** A frame that comes while one is awaited is the model's; the cache hears of it after that one. */
  private predictMeanwhile(asked: Asked, options: PredictOptions | null): tf.Tensor[] {
    this.interrupt();
    const request = readRequest(this.plans, asked, options);
    // Neither the frame that a variant would be of nor the place of a recorded one is known yet.
    if (!request.options[0].commit || this.streams.recording) this.queue.checkIdle();
    let ms = 0;
    this.queue.afterAll(() => this.streams.passBy(request, ms));
    const start = performance.now();
    const outputs = this.execution.predictPlainly(request);
    ms = performance.now() - start;
    return outputs;
  }

  private async computeAsync(asked: Asked, options: PredictOptions): Promise<tf.Tensor[]> {
    if (this.isTheModels(asked)) {
      this.streams.lose();
      return this.execution.predictPlainlyAsync(asked);
    }
    await this.plans.prepare(planShapes(this.wrapped, asked.inputs), asked.outputs);
    const request = this.requestOf(asked, options);
    // Other streams may ask for another plan meanwhile.
    const release = this.plans.hold(request.program);
    return this.execution.predictAsync(request).finally(release);
  }

  /** Checks everything a caller passed, before anything is changed. */
  private requestOf(asked: Asked, options: PredictOptions | null): Request {
    this.interrupt();
    const request = readRequest(this.plans, asked, options);
    if (request.options[0]?.commit === false) this.streams.checkCommitted(request);
    return request;
  }
}
