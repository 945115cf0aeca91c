/** The way of a batch that was read and checked: frame by frame through the streams, or to the wrapped model at once. */
import * as tf from '@tensorflow/tfjs-core';
import {isTensor, type Program} from '../engines';
import {mixesRows} from '../graph';
import {joinFrames} from '../stream';
import {asPlanned, batchFor, batchForAsync, frameAt, tensorsOf} from './frames';
import {mayOverlap} from './arrays';
import type {Inputs} from './inputs';
import {checkOut, outputSize, type Asked, type Request} from './request';
import type {Streams} from './streams';
import type {Wrapped} from './wrapped';

export class Execution {
  constructor(
    private readonly wrapped: Wrapped,
    private readonly streams: Streams,
  ) {}

  /** @returns fresh tensors, one for each output asked for */
  predict(request: Request): tf.Tensor[] {
    return tf.tidy(() => {
      if (tf.engine().isTapeOn()) return this.predictOnTape(request);
      if (this.runsWhole(request)) return this.predictWhole(request);
      const {program, outputs} = request;
      const batch = batchFor(program, request.inputs, this.wrapped);
      this.checkRecordable(program, batch);
      const frames = request.options.map((options, row) => {
        const frame = frameAt(batch, row);
        const dense = () => this.wrapped.predict(tensorsOf(frame, this.wrapped), outputs);
        const values = asPlanned(program, frame.values);
        return this.streams.take(row, program, options).predict(program, values, options, dense);
      });
      return joinFrames(frames);
    });
  }

  /** The same without blocking. */
  async predictAsync(request: Request): Promise<tf.Tensor[]> {
    const {program, inputs, outputs} = request;
    const made: tf.Tensor[] = [];
    const frames: tf.Tensor[][] = [];
    const dense = (batch: Inputs) => this.wrapped.predictAsync(tensorsOf(batch, this.wrapped, made), outputs);
    try {
      if (this.runsWhole(request)) return await this.timeWhole(request, () => dense(inputs));
      const batch = await batchForAsync(program, inputs, this.wrapped, made);
      this.checkRecordable(program, batch, made);
      for (let row = 0; row < inputs.rows; row++) {
        const frame = frameAt(batch, row, made);
        const values = asPlanned(program, frame.values, made);
        const options = request.options[row];
        const stream = this.streams.take(row, program, options);
        frames.push(await stream.predictAsync(program, values, options, () => dense(frame)));
      }
      return joinFrames(frames);
    } catch (error) {
      frames.flat().forEach((tensor) => tensor.dispose());
      throw error;
    } finally {
      made.forEach((tensor) => tensor.dispose());
    }
  }

  /** What the model itself gives, beside the streams. */
  predictPlainly({inputs, outputs}: Asked): tf.Tensor[] {
    return tf.tidy(() => this.wrapped.predict(tensorsOf(inputs, this.wrapped), outputs));
  }

  async predictPlainlyAsync({inputs, outputs}: Asked): Promise<tf.Tensor[]> {
    const made: tf.Tensor[] = [];
    try {
      return await this.wrapped.predictAsync(tensorsOf(inputs, this.wrapped, made), outputs);
    } finally {
      made.forEach((tensor) => tensor.dispose());
    }
  }

  /** The values of the only output, in `out` where there is one. */
  run(request: Request, out?: Float32Array): Float32Array {
    const size = outputSize(request);
    if (size === null) return this.runThroughTensors(request, out);
    const length = size * request.inputs.rows;
    checkOut(out, length);
    return this.runInto(request, out ?? new Float32Array(length), size);
  }

  /** @param size values a frame has in the output */
  private runInto(request: Request, out: Float32Array, size: number): Float32Array {
    if (tf.engine().isTapeOn() || this.runsWhole(request)) return this.runThroughTensors(request, out);
    const work = () => this.runFrames(apartFrom(out, request), out, size);
    if (request.program.reads === 'values') work();
    else tf.tidy(work);
    return out;
  }

  private runFrames({program, inputs, outputs, options}: Request, out: Float32Array, size: number): void {
    const batch = batchFor(program, inputs, this.wrapped);
    this.checkRecordable(program, batch);
    options.forEach((frameOptions, row) => {
      const frame = frameAt(batch, row);
      const own = out.subarray(row * size, (row + 1) * size);
      const dense = () =>
        tf.tidy(() => {
          const values = this.wrapped.predict(tensorsOf(frame, this.wrapped), outputs)[0].dataSync();
          checkSize(values, own);
          own.set(values);
          return [];
        });
      const values = asPlanned(program, frame.values);
      this.streams
        .take(row, program, frameOptions)
        .predict(program, values, {...frameOptions, out: own}, dense);
    });
  }

  /** A batch is recorded whole, or not at all. */
  private checkRecordable(program: Program, batch: Inputs, made: tf.Tensor[] = []): void {
    const {recording} = this.streams;
    if (recording === null || batch.rows === 1) return;
    for (let row = 0; row < batch.rows; row++)
      recording.checkRecordable(program, asPlanned(program, frameAt(batch, row, made).values, made));
  }

  private runThroughTensors(request: Request, out: Float32Array | undefined): Float32Array {
    return valuesInto(out, () => this.predict(request));
  }

  /** A batch goes to the model at once where rows cannot be told apart, or where reuse does not pay anyway. */
  private runsWhole({program, inputs, options}: Request): boolean {
    const {streams} = this;
    if (inputs.rows === 1 || !options[0].commit || streams.recording) return false;
    const mixes = program.graph.nodes.some(mixesRows);
    return mixes || (!streams.byRow && streams.restsOn(program));
  }

  /** The differentiable model; the caches only hear that a frame went by. */
  private predictOnTape(request: Request): tf.Tensor[] {
    if (this.streams.recording) {
      throw new Error(
        'An episode records on this stream, and a gradient tape is on. Predict before, and compute the loss from what ' +
          'valueAndGrads() hands to it.',
      );
    }
    this.streams.miss(request);
    return this.wrapped.predict(tensorsOf(request.inputs, this.wrapped), request.outputs);
  }

  private predictWhole(request: Request): tf.Tensor[] {
    const tensors = tensorsOf(request.inputs, this.wrapped);
    this.streams.leave(request);
    const start = performance.now();
    const outputs = this.wrapped.predict(tensors, request.outputs);
    this.streams.skip(request, performance.now() - start);
    return outputs;
  }

  private async timeWhole(request: Request, dense: () => Promise<tf.Tensor[]>): Promise<tf.Tensor[]> {
    this.streams.leave(request);
    const start = performance.now();
    const outputs = await dense();
    this.streams.skip(request, performance.now() - start);
    return outputs;
  }
}

/** The model may give more than its plan, or less, where a shape depends on what it sees. */
function checkSize(values: tf.TypedArray, own: Float32Array): void {
  if (values.length === own.length) return;
  throw new Error(
    `run(): the output has ${values.length} values for this frame, where ${own.length} were planned. ` +
      'Use predict(), which gives as many as there are.',
  );
}

/** The request with inputs that stay as they are while `out` is written: a single frame is read before. */
function apartFrom(out: Float32Array, request: Request): Request {
  const {inputs} = request;
  if (inputs.rows === 1) return request;
  const values = inputs.values.map((value) =>
    !isTensor(value) && mayOverlap(value.data, out) ? {...value, data: value.data.slice()} : value,
  );
  return {...request, inputs: {...inputs, values}};
}

/** The values of the only output, in `out` where there is one. */
export function valuesInto(out: Float32Array | undefined, predict: () => tf.Tensor[]): Float32Array {
  const values = tf.tidy(() => predict()[0].dataSync());
  checkOut(out, values.length);
  const result = out ?? new Float32Array(values.length);
  result.set(values);
  return result;
}
