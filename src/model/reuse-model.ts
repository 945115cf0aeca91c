/** The drop-in for a model: takes what `model.predict` takes, returns what it returns, and computes what changed. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {ActivationCache} from '../cache';
import {func, shown} from '../checks';
import type {Calibration, CalibrationOptions} from '../calibration';
import type {NodeReport, Program, ReportOptions} from '../engines';
import type {StreamReport} from '../stream';
import type {Episode, RecordSettings} from '../training';
import type {Running} from './calibration';
import type {InputArray} from './arrays';
import type {PredictInput} from './inputs';
import {resolveOptions, type ResolvedOptions, type ReuseOptions} from './options';
import {refuseAsLayer} from './no-layer';
import {moreOf, type Parts} from './parts';
import {Plans} from './plans';
import {Predictor} from './predictor';
import {checkReportOptions, denseMacsOf, frameReport, type FrameReport} from './report';
import {asExecuted, namesOf, outputsFor, type PredictOptions} from './request';
import {Streams} from './streams';
import {isLayersModel, wrapGraphModel, wrapLayersModel, type Prediction, type Wrapped} from './wrapped';

/** By this the copies of the package know each other's models, where a program has several installed. */
const BRAND = Symbol.for('tfjs-reuse.ReuseModel');

/** Whether `x` is a model with reuse, made by this copy of the package or another. */
export function isReuseModel(x: unknown): x is ReuseModel {
  return typeof x === 'object' && x !== null && BRAND in x;
}

/**
 * A model with reuse. Made by `withReuse`.
 *
 * `predict` equals the wrapped model's own result within 1e-5 of its largest magnitude or, where that float32 result is itself further
 * from float64, four times that distance. The wrapped model stays usable beside it and stays its owner's: `dispose` here never
 * disposes it.
 */
export class ReuseModel<M extends LayersModel | GraphModel = LayersModel | GraphModel> {
  private readonly wrapped: Wrapped;
  private readonly resolved: ResolvedOptions;
  /** @internal */
  protected readonly plans: Plans;
  private readonly streams: Streams;
  private readonly predictor: Predictor;
  /** @internal */
  protected disposed = false;

  /** @internal Use `withReuse`. */
  constructor(
    /** The wrapped model. */
    readonly model: M,
    private readonly options: ReuseOptions,
    private readonly parts: Parts,
    plans?: Plans,
  ) {
    this.resolved = resolveOptions(options);
    this.wrapped =
      plans?.wrapped ?? (isLayersModel(model) ? wrapLayersModel(model) : wrapGraphModel(model as GraphModel));
    this.plans = (plans ?? new Plans(this.wrapped, this.resolved, parts.engines)).join(this);
    const {batch, verify} = this.resolved;
    this.streams = new Streams(
      batch,
      {
        ...this.resolved,
        verifier: verify ? moreOf(parts, "withReuse: 'verify'").verifier : null,
      },
      (program) => !this.plans.has(program),
    );
    this.predictor = new Predictor(this.plans, this.streams);
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

  /** The cached activations of all its streams. */
  get cache(): ActivationCache {
    return this.streams.cache;
  }

  /**
   * What happened to the last frame (the last row of a batch). Worked out when asked for, from what the cache holds: null
   * before the first frame, after one that failed, while one is under way, and once the cache is empty, after
   * `valueAndGrads()`, say. Null, too, where it would have to be read from a device: `report()` does that.
   */
  get lastFrame(): FrameReport | null {
    const {last} = this.streams;
    const report = last?.stream.decider.last.report;
    if (!last || !report) return null;
    const nodes = report.nodes ? report.nodes() : [];
    return nodes && this.reportOf(last.program, report, nodes);
  }

  /**
   * The same on every engine, of the last frame predicted when it is called; null where there is nothing to tell of it.
   * @param options.times whether the next frame's nodes are timed on webgpu, where that takes a pass for each; default false
   */
  async report(options: ReportOptions = {}): Promise<FrameReport | null> {
    checkReportOptions(options);
    const {last} = this.streams;
    const report = last?.stream.decider.last.report;
    if (!last || !report) return null;
    const nodes = report.nodesAsync ? await report.nodesAsync(options) : [];
    return nodes && this.reportOf(last.program, report, nodes);
  }

  /** @internal The graph of the last frame, and the scale of what is cached. For calibration. */
  get lastRun(): Running['lastRun'] {
    if (!this.streams.last) return null;
    const {stream, program} = this.streams.last;
    return {graph: program.graph, rms: () => program.rms(stream.cache)};
  }

  /**
   * The model's prediction. Takes tensors (with the batch axis), typed arrays (as many frames as they hold),
   * ImageData, videos, canvases and bitmaps; a list or a map by name for several inputs. While a gradient tape is on, the
   * wrapped model itself runs.
   *
   * @returns what the wrapped model's `predict` returns: fresh tensors that share nothing with the cache
   * @throws where an input, `changed` or `commit` does not fit, before anything is changed
   */
  predict(x: PredictInput, options?: PredictOptions): Prediction {
    const prediction = options === undefined ? this.predictor.predictAlike(x) : null;
    if (prediction !== null) return prediction;
    this.checkUsable();
    return this.wrapped.pack(this.predictor.predict(x, this.wrapped.outputNames, options ?? null));
  }

  /** The same without blocking; calls are computed one after another. Needed where a backend has no synchronous reads. */
  async predictAsync(x: PredictInput, options: PredictOptions = {}): Promise<Prediction> {
    this.checkUsable();
    return this.wrapped.pack(await this.predictor.predictAsync(x, this.wrapped.outputNames, options));
  }

  /**
   * A GraphModel's outputs by name; as `GraphModel.execute`, which gives undefined for an empty list of names.
   */
  execute(
    inputs: PredictInput,
    outputs?: string | string[],
    options: PredictOptions = {},
  ): tf.Tensor | tf.Tensor[] {
    this.checkUsable();
    const names = namesOf(outputs, this.wrapped);
    return asExecuted(names, this.predictor.predict(inputs, outputsFor(names, this.wrapped), options));
  }

  /** As `GraphModel.executeAsync`. */
  async executeAsync(
    inputs: PredictInput,
    outputs?: string | string[],
    options: PredictOptions = {},
  ): Promise<tf.Tensor | tf.Tensor[]> {
    this.checkUsable();
    const names = namesOf(outputs, this.wrapped);
    return asExecuted(
      names,
      await this.predictor.predictAsync(inputs, outputsFor(names, this.wrapped), options),
    );
  }

  /**
   * The shortest way for a model of one input and one output: values in, values out, no tensors.
   * @param input one or more frames, row-major
   * @param out where to write; a new array by default
   * @throws on the webgpu backend, where results cannot be read synchronously
   */
  run(input: InputArray, out?: Float32Array): Float32Array {
    this.checkUsable();
    const {inputs, outputNames, name} = this.wrapped;
    if (inputs.length !== 1 || outputNames.length !== 1) {
      throw new Error(
        `run() is for models of one input and one output; '${name}' has ${inputs.length} and ${outputNames.length}.`,
      );
    }
    return this.predictor.run(input, outputNames, out);
  }

  /**
   * Another stream of frames through the same model: the same weights and plan, a cache of its own.
   * @param key of what the frames are of, a person's or a camera's number, say: the same stream each time, until it is disposed. Left
   *   out, a new one
   */
  stream(key?: string | number): ReuseModel<M> {
    this.checkUsable();
    if (key === undefined) return new ReuseModel(this.model, this.options, this.parts, this.plans);
    checkKey(key);
    const known = this.plans.byKey.get(key) as ReuseModel<M> | undefined;
    if (known && !known.disposed) return known;
    const stream = this.stream();
    this.plans.byKey.set(key, stream);
    return stream;
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
    const {recordOn} = moreOf(this.parts, 'record()');
    const {wrapped, plans, resolved: options, predictor, streams} = this;
    return recordOn({wrapped, plans, options, predictor, streams}, settings);
  }

  /**
   * Finds the gate and the thresholds that make this model fast on frames like these, while its outputs agree with the
   * model's own. What it gives are options: `withReuse(model, calibration)`, now or after a detour through JSON. It runs the
   * frames up to some 150 times, on streams of its own, and leaves this one alone.
   *
   * @param frames some dozens, as they come one after another, each as `predict` takes it; or, of a model of one input, a
   *   tensor of them. The search uses the first ones, and what it found is judged by the last
   * @returns options with a report; `report.gained` is false where reuse does not pay, and then they are the exact ones
   * @throws (rejects) where an option or a frame does not fit, a frame holds NaN or an infinity, `agreement` throws or gives no
   *   number from 0 to 1, or the signal was given
   */
  async calibrate(
    frames: readonly PredictInput[] | tf.Tensor,
    options: CalibrationOptions,
  ): Promise<Calibration> {
    this.checkUsable();
    const {calibrateOn} = moreOf(this.parts, 'calibrate()');
    const {wrapped, model, parts, options: own} = this;
    const open = (all: ReuseOptions, plans: Plans) => new ReuseModel(model, all, parts, plans);
    return calibrateOn({wrapped, engines: parts.engines, own, open, print: console.log}, frames, options);
  }

  /** Prints the plan: shapes, receptive fields, and what the last frame recomputed of each node. */
  summary(print: (line: string) => void = console.log): void {
    func('summary(): print', print);
    const {summaryOf} = moreOf(this.parts, 'summary()');
    const {wrapped, plans, streams, lastFrame: report} = this;
    summaryOf({wrapped, plans, last: streams.last, report}).forEach((line) => print(line));
  }

  /** Forgets the last frame: the next one is computed in full. Frames that were asked for before are finished first. */
  reset(): void {
    this.predictor.interrupt();
    this.predictor.queue.afterAll(() => this.streams.reset());
  }

  /**
   * Gives back the cached activations, and, with the last stream of the model, the prepared weights. Frames that were asked
   * for before are finished first.
   */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.predictor.interrupt();
    this.predictor.queue.afterAll(() => {
      this.streams.dispose();
      this.plans.leave(this);
    });
  }

  private reportOf({graph}: Program, report: StreamReport, nodes: readonly NodeReport[]): FrameReport {
    return frameReport(report, nodes, graph, denseMacsOf(graph));
  }

  private checkUsable(): void {
    if (this.disposed)
      throw new Error(`This ReuseModel of '${this.wrapped.name}' is disposed; wrap the model again.`);
    // From here on `wrapped` tells of the model as it is now.
    this.wrapped.revision();
  }
}

Object.defineProperty(ReuseModel.prototype, BRAND, {value: true});
// Bundlers rename a class that names itself.
Object.defineProperty(ReuseModel, 'name', {value: 'ReuseModel'});
refuseAsLayer(ReuseModel.prototype);

/** @throws where `stream()` is given options, say, which it would not heed */
function checkKey(key: unknown): void {
  if (typeof key === 'string' || typeof key === 'number') return;
  throw new Error(
    `stream() takes a key, a string or a number, and no options, for a stream has those of its model; got ${shown(key)}. Wrap the model itself for others: ` +
      'withReuse(reuse.model, options).',
  );
}
