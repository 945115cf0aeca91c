/** The drop-in for a model: takes what `model.predict` takes, returns what it returns, and computes what changed. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {ActivationCache} from '../cache';
import type {Program} from '../engines';
import {frameOf, joinFrames, Stream, type FrameOptions} from '../stream';
import {readChanged, type Changed} from './changed';
import {readInputs, type InputArray, type Inputs, type PredictInput} from './inputs';
import {resolveOptions, type ResolvedOptions, type ReuseOptions} from './options';
import {Plans} from './plans';
import {frameReport, type FrameReport} from './report';
import {denseMacsOf, summaryLines} from './summary';
import {isLayersModel, wrapGraphModel, wrapLayersModel, type Prediction, type Wrapped} from './wrapped';

/** Options of one prediction. */
export interface PredictOptions {
  /**
   * What changed since the last frame: a region, rectangles, or a map of these by input name; for T > 1 frames a list
   * of T. It is taken at its word: a pixel it misses stays as it was (`verify` checks it). Left out, frames are compared.
   */
  changed?: Changed | readonly Changed[];
  /** False computes variants of the last committed frame, one a row, and leaves the cache as it was. Default true. */
  commit?: boolean;
}

/** A prediction taken apart: the frames, and everything that was checked about them. */
interface Request {
  readonly program: Program;
  readonly tensors: tf.Tensor[];
  readonly outputs: readonly string[];
  readonly rows: number;
  readonly options: readonly FrameOptions[];
}

/**
 * A model with reuse. Made by `withReuse`.
 *
 * `predict` equals the wrapped model's own result within 1e-5 of its largest magnitude. The wrapped model stays usable
 * beside it and stays its owner's: `dispose` here never disposes it.
 */
export class ReuseModel<M extends LayersModel | GraphModel = LayersModel | GraphModel> {
  private readonly wrapped: Wrapped;
  private readonly resolved: ResolvedOptions;
  private readonly plans: Plans;
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

  /** What happened to the last frame (the last row of a batch); null before the first. Worked out when asked for. */
  get lastFrame(): FrameReport | null {
    const report = this.last?.stream.lastReport;
    if (!this.last || !report) return null;
    const {graph} = this.last.program;
    return frameReport(report, graph, denseMacsOf(graph));
  }

  /**
   * The model's prediction. Takes tensors (with the batch axis), typed arrays (as many frames as they hold) and
   * ImageData; a list or a map by name for several inputs. While a gradient tape is on, the wrapped model itself runs.
   *
   * @returns what the wrapped model's `predict` returns: fresh tensors that share nothing with the cache
   * @throws where an input, `changed` or `commit` does not fit, before anything is changed
   */
  predict(x: PredictInput, options: PredictOptions = {}): Prediction {
    return this.wrapped.pack(this.compute(x, this.wrapped.outputNames, options));
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
    const tensors = this.compute(inputs, this.namesOf(outputs), options);
    return tensors.length === 1 ? tensors[0] : tensors;
  }

  /** As `GraphModel.executeAsync`. */
  async executeAsync(
    inputs: PredictInput,
    outputs?: string | string[],
    options: PredictOptions = {},
  ): Promise<tf.Tensor | tf.Tensor[]> {
    const tensors = await this.computeAsync(inputs, this.namesOf(outputs), options);
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
    const values = tf.tidy(() => this.compute(input, outputNames, {})[0].dataSync()) as Float32Array;
    if (!out) return values;
    if (out.length !== values.length)
      throw new Error(`run(): 'out' needs ${values.length} values, has ${out.length}.`);
    out.set(values);
    return out;
  }

  /** Another stream of frames through the same model: the same weights and plan, a cache of its own. */
  stream(): ReuseModel<M> {
    this.checkUsable();
    return new ReuseModel(this.model, this.options, this.plans);
  }

  /** Prints the plan: shapes, receptive fields, and what the last frame recomputed of each node. */
  summary(print: (line: string) => void = console.log): void {
    const graph =
      this.last?.program.graph ?? this.plans.get(this.fixedShapes(), this.wrapped.outputNames).graph;
    summaryLines(this.wrapped.name, graph, this.lastFrame).forEach((line) => print(line));
  }

  /** Forgets the last frame: the next one is computed in full. */
  reset(): void {
    this.streams.forEach((stream) => stream.reset());
    this.last = null;
  }

  /** Gives back the cached activations, and, with the last stream of the model, the prepared weights. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.streams.forEach((stream) => stream.dispose());
    this.ownCache?.dispose();
    this.plans.leave();
    this.last = null;
  }

  private newStream(): Stream {
    return new Stream(this.resolved);
  }

  private checkUsable(): void {
    if (this.disposed)
      throw new Error(`This ReuseModel of '${this.wrapped.name}' is disposed; wrap the model again.`);
  }

  private namesOf(outputs: string | string[] | undefined): readonly string[] {
    const names = outputs === undefined ? this.wrapped.outputNames : [outputs].flat();
    if (!this.wrapped.rowwise || names.join() === this.wrapped.outputNames.join()) return names;
    throw new Error(
      `execute() of '${this.wrapped.name}' gives its own outputs (${this.wrapped.outputNames.join(', ')}); ` +
        `for other layers wrap a model that ends in them: tf.model({inputs, outputs}).`,
    );
  }

  private fixedShapes(): number[][] {
    return this.wrapped.inputs.map(({name, shape}) => {
      const sides = this.wrapped.rowwise ? shape?.slice(1) : shape;
      if (sides && sides.every((side) => side !== null)) return sides as number[];
      throw new Error(
        `summary(): the size of input '${name}' is known once a frame was predicted; predict one first.`,
      );
    });
  }

  private compute(x: PredictInput, outputs: readonly string[], options: PredictOptions): tf.Tensor[] {
    this.checkUsable();
    if (this.pending > 0) {
      throw new Error(
        'A predictAsync() of this stream is still under way; await it, or give this call a stream() of its own.',
      );
    }
    return tf.tidy(() => {
      const request = this.read(readInputs(x, this.wrapped), outputs, options);
      if (tf.engine().isTapeOn()) return this.predictOnTape(request);
      if (this.runsWhole(request)) return this.predictWhole(request);
      const dense = (frame: readonly tf.Tensor[]) => this.wrapped.predict([...frame], outputs);
      const frames = request.options.map((frameOptions, row) => {
        const frame = frameOf(request.tensors, row, request.rows);
        return this.streamOf(row, request.program).predict(request.program, frame, frameOptions, dense);
      });
      return joinFrames(frames);
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
    const inputs = readInputs(x, this.wrapped, true);
    this.pending++;
    const work = (async () => {
      await before.catch(() => undefined);
      try {
        this.checkUsable();
        return await this.computeNext(this.read(inputs, outputs, options));
      } finally {
        inputs.made.forEach((tensor) => tensor.dispose());
        this.pending--;
      }
    })();
    this.queue = work;
    return work;
  }

  private async computeNext(request: Request): Promise<tf.Tensor[]> {
    const {tensors, outputs, rows, program} = request;
    const slices: tf.Tensor[] = [];
    const frames: tf.Tensor[][] = [];
    try {
      const dense = (frame: readonly tf.Tensor[]) => this.wrapped.predictAsync([...frame], outputs);
      if (this.runsWhole(request)) return await this.timeWhole(request, () => dense(tensors));
      for (let row = 0; row < rows; row++) {
        const frame = frameOf(tensors, row, rows);
        if (rows > 1) slices.push(...frame);
        frames.push(
          await this.streamOf(row, program).predictAsync(program, frame, request.options[row], dense),
        );
      }
      return joinFrames(frames);
    } catch (error) {
      frames.flat().forEach((tensor) => tensor.dispose());
      throw error;
    } finally {
      slices.forEach((tensor) => tensor.dispose());
    }
  }

  /** Checks everything a caller passed, before anything is changed. */
  private read(
    {tensors}: Inputs,
    outputs: readonly string[],
    {changed, commit = true}: PredictOptions,
  ): Request {
    const rows = this.wrapped.rowwise ? tensors[0].shape[0] : 1;
    const shapes = tensors.map(({shape}) => (this.wrapped.rowwise ? shape.slice(1) : shape));
    const program = this.plans.get(shapes, outputs);
    const regions = readChanged(changed, rows, program.graph, this.wrapped);
    if (!commit) this.checkVariant(program, rows);
    const options = Array.from({length: rows}, (_, row) => ({changed: regions?.[row] ?? null, commit}));
    return {program, tensors, outputs, rows, options};
  }

  private checkVariant({graph}: Program, rows: number): void {
    const impure = graph.nodes.find(({op}) => op.kind === 'external' && !op.pure);
    if (impure) {
      throw new Error(
        `commit: false computes variants of a frame, and '${impure.name}' may give another result each time it runs ` +
          '(it is not known to be free of state and randomness). Predict with commit: true, or without that layer.',
      );
    }
    const used = this.resolved.batch === 'streams' ? this.streams.slice(0, rows) : this.streams;
    if (used.some(({cache}) => cache.isEmpty) || (this.resolved.batch === 'streams' && used.length < rows)) {
      throw new Error(
        'commit: false computes variants of the last committed frame, and there is none: predict one first.',
      );
    }
  }

  /** A batch goes to the model at once where rows cannot be told apart, or where reuse does not pay anyway. */
  private runsWhole({program, rows, options}: Request): boolean {
    if (rows === 1 || !options[0].commit) return false;
    const mixes = program.graph.nodes.some(({op}) => op.kind === 'external' && !op.rowwise);
    return mixes || (this.resolved.batch === 'time' && this.streams[0].rests);
  }

  /** The differentiable model; the caches only hear that a frame went by. */
  private predictOnTape({program, tensors, outputs, options}: Request): tf.Tensor[] {
    const streams = this.resolved.batch === 'streams' ? this.streams : options.map(() => this.streams[0]);
    options.forEach(({changed, commit}, row) => commit && streams[row]?.miss(program, changed));
    return this.wrapped.predict(tensors, outputs);
  }

  private predictWhole(request: Request): tf.Tensor[] {
    const start = performance.now();
    const outputs = this.wrapped.predict(request.tensors, request.outputs);
    this.skipAll(request, performance.now() - start);
    return outputs;
  }

  private async timeWhole(request: Request, dense: () => Promise<tf.Tensor[]>): Promise<tf.Tensor[]> {
    const start = performance.now();
    const outputs = await dense();
    this.skipAll(request, performance.now() - start);
    return outputs;
  }

  private skipAll({rows, options, program}: Request, ms: number): void {
    options.forEach(({changed}, row) => this.streamOf(row, program).skip(program, ms / rows, changed));
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

/** The caches of all rows as the content of one. */
class AllCaches {
  constructor(private readonly streams: readonly Stream[]) {}

  get bytes(): number {
    return this.streams.reduce((sum, {cache}) => sum + cache.bytes, 0);
  }

  dispose(): void {
    this.streams.forEach(({cache}) => cache.clear());
  }
}
