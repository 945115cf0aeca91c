/** The drop-in for a model: takes what `model.predict` takes, returns what it returns, and computes what changed. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {ActivationCache} from '../cache';
import type {Calibration, CalibrationOptions} from '../calibration';
import type {NodeReport, Program} from '../engines';
import {AllCaches, joinFrames, Stream, type StreamReport} from '../stream';
import type {Episode, RecordSettings} from '../training';
import {calibrateOn, type Running} from './calibration';
import {asPlanned, batchFor, batchForAsync, disposeValues, frameAt, tensorsOf} from './frames';
import {ownCopy, readInputs, type InputArray, type Inputs, type PredictInput} from './inputs';
import {resolveOptions, type ResolvedOptions, type ReuseOptions} from './options';
import {Plans} from './plans';
import {recordOn} from './record';
import {frameReport, type FrameReport} from './report';
import {
  checkOut,
  namesOf,
  outputSize,
  planShapes,
  readRequest,
  type PredictOptions,
  type Request,
} from './request';
import {RestingWay} from './resting-way';
import {denseMacsOf, fixedShapes, summaryLines} from './summary';
import {isLayersModel, wrapGraphModel, wrapLayersModel, type Prediction, type Wrapped} from './wrapped';

/**
 * A model with reuse. Made by `withReuse`.
 *
 * `predict` equals the wrapped model's own result within 1e-5 of its largest magnitude, 1e-4 in deep graph models. The wrapped model stays usable
 * beside it and stays its owner's: `dispose` here never disposes it.
 */
export class ReuseModel<M extends LayersModel | GraphModel = LayersModel | GraphModel> {
  private readonly wrapped: Wrapped;
  private readonly resolved: ResolvedOptions;
  private readonly plans: Plans;
  private readonly resting: RestingWay;
  /** One stream, or one for each row where the batch axis is streams. */
  private readonly streams: Stream[] = [];
  private readonly ownCache: ActivationCache | null;
  private last: {stream: Stream; program: Program} | null = null;
  private pending = 0;
  private queue: Promise<unknown> = Promise.resolve();
  private disposed = false;

  /** @internal Use `withReuse`. */
  constructor(
    /** The wrapped model. */
    readonly model: M,
    private readonly options: ReuseOptions = {},
    plans?: Plans,
  ) {
    this.resolved = resolveOptions(options);
    this.wrapped =
      plans?.wrapped ?? (isLayersModel(model) ? wrapLayersModel(model) : wrapGraphModel(model as GraphModel));
    this.plans = (plans ?? new Plans(this.wrapped, this.resolved)).join();
    this.resting = new RestingWay(this.plans);
    this.streams.push(this.newStream());
    this.ownCache = this.resolved.batch === 'streams' ? new ActivationCache() : null;
  }

  get inputs(): M['inputs'] {
    return this.model.inputs;
  }

  get outputs(): M['outputs'] {
    return this.model.outputs;
  }

  get weights(): M['weights'] {
    return this.model.weights;
  }

  /** The cached activations; of all rows' streams together where the batch axis is streams. */
  get cache(): ActivationCache {
    return this.ownCache ?? this.streams[0].cache;
  }

  /**
   * What happened to the last frame (the last row of a batch); null before the first, and where it would have to be read
   * from a device: `report()` does that. Worked out when asked for.
   */
  get lastFrame(): FrameReport | null {
    const report = this.last?.stream.lastReport;
    if (!this.last || !report) return null;
    const nodes = report.nodes ? report.nodes() : [];
    return nodes && this.reportOf(this.last.program, report, nodes);
  }

  /** The same on every engine, of the last frame predicted when it is called; null before the first. */
  async report(): Promise<FrameReport | null> {
    const report = this.last?.stream.lastReport;
    if (!this.last || !report) return null;
    const {program} = this.last;
    return this.reportOf(program, report, report.nodesAsync ? await report.nodesAsync() : []);
  }

  /** @internal The graph of the last frame, and the scale of what is cached. For calibration. */
  get lastRun(): Running['lastRun'] {
    if (!this.last) return null;
    const {stream, program} = this.last;
    return {graph: program.graph, rms: () => program.rms(stream.cache)};
  }

  /**
   * The model's prediction. Takes tensors (with the batch axis), typed arrays (as many frames as they hold) and
   * ImageData; a list or a map by name for several inputs. While a gradient tape is on, the wrapped model itself runs.
   *
   * @returns what the wrapped model's `predict` returns: fresh tensors that share nothing with the cache
   * @throws where an input, `changed` or `commit` does not fit, before anything is changed
   */
  predict(x: PredictInput, options?: PredictOptions): Prediction {
    if (options === undefined && this.resting.takes(x)) return this.resting.predict(x);
    const outputs = this.compute(x, this.wrapped.outputNames, options ?? {});
    if (options === undefined && this.last) this.resting.open(x, this.last.stream, this.last.program);
    return this.wrapped.pack(outputs);
  }

  /** The same without blocking; calls are computed one after another. Needed where a backend has no synchronous reads. */
  async predictAsync(x: PredictInput, options: PredictOptions = {}): Promise<Prediction> {
    return this.wrapped.pack(await this.computeAsync(x, this.wrapped.outputNames, options));
  }

  /** A GraphModel's outputs by name; as `GraphModel.execute`. */
  execute(
    inputs: PredictInput,
    outputs?: string | string[],
    options: PredictOptions = {},
  ): tf.Tensor | tf.Tensor[] {
    const tensors = this.compute(inputs, namesOf(outputs, this.wrapped), options);
    return tensors.length === 1 ? tensors[0] : tensors;
  }

  /** As `GraphModel.executeAsync`. */
  async executeAsync(
    inputs: PredictInput,
    outputs?: string | string[],
    options: PredictOptions = {},
  ): Promise<tf.Tensor | tf.Tensor[]> {
    const tensors = await this.computeAsync(inputs, namesOf(outputs, this.wrapped), options);
    return tensors.length === 1 ? tensors[0] : tensors;
  }

  /**
   * The shortest way for a model of one input and one output: values in, values out, no tensors.
   * @param input one or more frames, row-major
   * @param out where to write; a new array by default
   */
  run(input: InputArray, out?: Float32Array): Float32Array {
    const {inputs, outputNames, name} = this.wrapped;
    if (inputs.length !== 1 || outputNames.length !== 1) {
      throw new Error(
        `run() is for models of one input and one output; '${name}' has ${inputs.length} and ${outputNames.length}.`,
      );
    }
    const request = this.read(input, outputNames, {});
    const size = outputSize(request.program.graph);
    if (size === null) return this.runThroughTensors(request, out);
    const length = size * request.inputs.rows;
    checkOut(out, length);
    return this.runInto(request, out ?? new Float32Array(length), size);
  }

  /** Another stream of frames through the same model: the same weights and plan, a cache of its own. */
  stream(): ReuseModel<M> {
    this.checkUsable();
    return new ReuseModel(this.model, this.options, this.plans);
  }

  /**
   * Records the frames predicted from now on, for their gradients. They are all computed by the engine; `reset()` does
   * nothing meanwhile, and needs not.
   *
   * @throws where the model has nothing to train, a gate or a threshold above 0, or a layer whose gradient cannot be had
   *   from recorded frames; and while an episode of this stream is still open
   */
  record(settings?: RecordSettings): Episode<Prediction> {
    this.checkUsable();
    this.resting.close();
    const {wrapped, plans, resolved} = this;
    const [stream] = this.streams;
    return recordOn({wrapped, plans, options: resolved, stream, checkIdle: () => this.checkIdle()}, settings);
  }

  /**
   * Finds the gate and the thresholds that make this model fast on frames like these, while its outputs agree with the
   * model's own. What it gives are options: `withReuse(model, calibration)`, now or after a detour through JSON. It runs the
   * frames some dozens of times, on streams of its own, and leaves this one alone.
   *
   * @param frames some dozens, as they come one after another, each as `predict` takes it; or, of a model of one input, a
   *   tensor of them. The search uses the first ones, and what it found is judged by the last
   * @returns options with a report; `report.gained` is false where reuse does not pay, and then they are the exact ones
   * @throws (rejects) where an option or a frame does not fit, `agreement` throws or gives no number from 0 to 1, or the
   *   signal was given
   */
  async calibrate(
    frames: readonly PredictInput[] | tf.Tensor,
    options: CalibrationOptions,
  ): Promise<Calibration> {
    this.checkUsable();
    const {wrapped, model} = this;
    const open = (shown: Wrapped, own: ReuseOptions) => {
      const all = {...this.options, ...own};
      return new ReuseModel(model, all, new Plans(shown, resolveOptions(all)));
    };
    return calibrateOn({wrapped, open, print: console.log}, frames, options);
  }

  /** Prints the plan: shapes, receptive fields, and what the last frame recomputed of each node. */
  summary(print: (line: string) => void = console.log): void {
    const graph =
      this.last?.program.graph ?? this.plans.get(fixedShapes(this.wrapped), this.wrapped.outputNames).graph;
    summaryLines(this.wrapped.name, graph, this.lastFrame).forEach((line) => print(line));
  }

  /** Forgets the last frame: the next one is computed in full. */
  reset(): void {
    this.streams.forEach((stream) => stream.reset());
    this.resting.close();
    this.last = null;
  }

  /** Gives back the cached activations, and, with the last stream of the model, the prepared weights. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.streams.forEach((stream) => stream.dispose());
    this.ownCache?.dispose();
    this.plans.leave();
    this.resting.close();
    this.last = null;
  }

  private reportOf({graph}: Program, report: StreamReport, nodes: readonly NodeReport[]): FrameReport {
    return frameReport(report, nodes, graph, denseMacsOf(graph));
  }

  private newStream(): Stream {
    return new Stream(this.resolved);
  }

  private checkUsable(): void {
    if (this.disposed)
      throw new Error(`This ReuseModel of '${this.wrapped.name}' is disposed; wrap the model again.`);
  }

  private checkIdle(): void {
    if (this.pending === 0) return;
    throw new Error(
      'A predictAsync() of this stream is still under way; await it, or give this call a stream() of its own.',
    );
  }

  private compute(x: PredictInput, outputs: readonly string[], options: PredictOptions): tf.Tensor[] {
    return this.computeRequest(this.read(x, outputs, options));
  }

  /** Checks everything a caller passed, before anything is changed. */
  private read(x: PredictInput, outputs: readonly string[], options: PredictOptions): Request {
    this.checkUsable();
    this.checkIdle();
    return this.requestOf(readInputs(x, this.wrapped), outputs, options);
  }

  private requestOf(inputs: Inputs, outputs: readonly string[], options: PredictOptions): Request {
    this.resting.close();
    const request = readRequest(this.plans, inputs, outputs, options);
    if (options.commit === false) this.checkCommitted(inputs.rows);
    return request;
  }

  private computeRequest(request: Request): tf.Tensor[] {
    return tf.tidy(() => {
      if (tf.engine().isTapeOn()) return this.predictOnTape(request);
      if (this.runsWhole(request)) return this.predictWhole(request);
      const {program, outputs} = request;
      const batch = batchFor(program, request.inputs, this.wrapped);
      const frames = request.options.map((options, row) => {
        const frame = frameAt(batch, row);
        const dense = () => this.wrapped.predict(tensorsOf(frame, this.wrapped), outputs);
        return this.streamOf(row, program).predict(program, asPlanned(program, frame.values), options, dense);
      });
      return joinFrames(frames);
    });
  }

  /** The values of what `predict` would return. */
  private runThroughTensors(request: Request, out: Float32Array | undefined): Float32Array {
    const values = tf.tidy(() => this.computeRequest(request)[0].dataSync());
    checkOut(out, values.length);
    const result = out ?? new Float32Array(values.length);
    result.set(values);
    return result;
  }

  /** @param size values a frame has in the output */
  private runInto(request: Request, out: Float32Array, size: number): Float32Array {
    if (tf.engine().isTapeOn() || this.runsWhole(request)) return this.runThroughTensors(request, out);
    const work = () => this.runFrames(request, out, size);
    if (request.program.reads === 'values') work();
    else tf.tidy(work);
    return out;
  }

  private runFrames({program, inputs, outputs, options}: Request, out: Float32Array, size: number): void {
    const batch = batchFor(program, inputs, this.wrapped);
    options.forEach((frameOptions, row) => {
      const frame = frameAt(batch, row);
      const own = out.subarray(row * size, (row + 1) * size);
      const dense = () =>
        tf.tidy(() => {
          own.set(this.wrapped.predict(tensorsOf(frame, this.wrapped), outputs)[0].dataSync());
          return [];
        });
      const values = asPlanned(program, frame.values);
      this.streamOf(row, program).predict(program, values, {...frameOptions, out: own}, dense);
    });
  }

  private async computeAsync(
    x: PredictInput,
    outputs: readonly string[],
    options: PredictOptions,
  ): Promise<tf.Tensor[]> {
    this.checkUsable();
    const before = this.queue;
    // The frame is taken now: its buffer may be refilled and its tensor disposed before its turn comes.
    const inputs = ownCopy(readInputs(x, this.wrapped));
    this.resting.close();
    this.pending++;
    const work = (async () => {
      await before.catch(() => undefined);
      try {
        this.checkUsable();
        await this.plans.prepare(planShapes(this.wrapped, inputs), outputs);
        return await this.computeNext(this.requestOf(inputs, outputs, options));
      } finally {
        disposeValues(inputs.values);
        this.pending--;
      }
    })();
    this.queue = work;
    return work;
  }

  private async computeNext(request: Request): Promise<tf.Tensor[]> {
    const {program, inputs, outputs} = request;
    const made: tf.Tensor[] = [];
    const frames: tf.Tensor[][] = [];
    const dense = (batch: Inputs) => this.wrapped.predictAsync(tensorsOf(batch, this.wrapped, made), outputs);
    try {
      if (this.runsWhole(request)) return await this.timeWhole(request, () => dense(inputs));
      const batch = await batchForAsync(program, inputs, this.wrapped, made);
      for (let row = 0; row < inputs.rows; row++) {
        const frame = frameAt(batch, row, made);
        const stream = this.streamOf(row, program);
        const values = asPlanned(program, frame.values, made);
        frames.push(await stream.predictAsync(program, values, request.options[row], () => dense(frame)));
      }
      return joinFrames(frames);
    } catch (error) {
      frames.flat().forEach((tensor) => tensor.dispose());
      throw error;
    } finally {
      made.forEach((tensor) => tensor.dispose());
    }
  }

  private checkCommitted(rows: number): void {
    const used = this.resolved.batch === 'streams' ? this.streams.slice(0, rows) : this.streams;
    if (used.some(({cache}) => cache.isEmpty) || (this.resolved.batch === 'streams' && used.length < rows)) {
      throw new Error(
        'commit: false computes variants of the last committed frame, and there is none: predict one first.',
      );
    }
  }

  /** A batch goes to the model at once where rows cannot be told apart, or where reuse does not pay anyway. */
  private runsWhole({program, inputs, options}: Request): boolean {
    if (inputs.rows === 1 || !options[0].commit || this.streams[0].isRecording) return false;
    const mixes = program.graph.nodes.some(({op}) => op.kind === 'external' && !op.rowwise);
    return mixes || (this.resolved.batch === 'time' && this.streams[0].rests);
  }

  /** The differentiable model; the caches only hear that a frame went by. */
  private predictOnTape({program, inputs, outputs, options}: Request): tf.Tensor[] {
    if (this.streams[0].isRecording) {
      throw new Error(
        'An episode records on this stream, and a gradient tape is on. Predict before, and compute the loss from what ' +
          'valueAndGrads() hands to it.',
      );
    }
    const streams = this.resolved.batch === 'streams' ? this.streams : options.map(() => this.streams[0]);
    options.forEach(({changed, commit}, row) => commit && streams[row]?.miss(program, changed));
    return this.wrapped.predict(tensorsOf(inputs, this.wrapped), outputs);
  }

  private predictWhole(request: Request): tf.Tensor[] {
    const tensors = tensorsOf(request.inputs, this.wrapped);
    const start = performance.now();
    const outputs = this.wrapped.predict(tensors, request.outputs);
    this.skipAll(request, performance.now() - start);
    return outputs;
  }

  private async timeWhole(request: Request, dense: () => Promise<tf.Tensor[]>): Promise<tf.Tensor[]> {
    const start = performance.now();
    const outputs = await dense();
    this.skipAll(request, performance.now() - start);
    return outputs;
  }

  private skipAll({inputs, options, program}: Request, ms: number): void {
    options.forEach(({changed}, row) => this.streamOf(row, program).skip(program, ms / inputs.rows, changed));
  }

  private streamOf(row: number, program: Program): Stream {
    const index = this.resolved.batch === 'streams' ? row : 0;
    while (this.streams.length <= index) this.streams.push(this.newStream());
    const stream = this.streams[index];
    this.last = {stream, program};
    if (this.ownCache?.isEmpty) this.ownCache.hold(new AllCaches(this.streams));
    return stream;
  }
}
