/**
 * Random graphs on the WebAssembly engine, each over a random film. In every frame,
 *
 * - every node's output is what the float64 reference computes from the node's own inputs as the engine holds them, within
 *   the rounding bound of ../../../reference/rounding.ts, and, where the node has a threshold, that threshold more
 *   (the promise that approximations do not drift). Judged node by node the bound is as tight at the end of a graph as at
 *   its start;
 * - the inputs are to the bit what a reader of the rules expects a cache to have seen: gates, a caller's regions;
 * - without thresholds every activation is, to the bit, what the engine computes for that frame from scratch;
 * - the regions it reports are exactly the pixels whose bits changed, and without thresholds no others;
 * - a variant that is not committed leaves no trace; nor does a frame that was only watched, nor a forecast.
 *
 * `REUSE_FUZZ` is how many graphs and films, `REUSE_SEED` where the search starts.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../../../src/cache';
import type {Delta, Frame, Program, Threshold} from '../../../../src/engines/engine';
import {wasmEngine} from '../../../../src/engines/wasm/engine';
import {planeOf, type Node, type Plane, type ValueId} from '../../../../src/graph';
import {Region} from '../../../../src/region';
import {useBackend} from '../../../backends';
import {compute, settingsOf, type Picture, type Setting} from '../../../reference/float64';
import {roundingOf} from '../../../reference/rounding';
import {EXTERNALS, graphSpec, RandomGraph, type GraphSpec} from './random-graph';
import {FilmInput, filmSpec, gateOf, type EditSpec, type FilmSpec, type FrameSpec} from './random-film';

const CASES = Number(process.env['REUSE_FUZZ'] ?? 10_000);
const SEED = Number(process.env['REUSE_SEED'] ?? 1);

// Looking up globals is slow in jest's sandbox.
const {abs} = Math;
const INFINITE = Infinity;
const {isFinite} = Number;

/** What a node gets: a threshold, a relative one with a scale of its own, or none. */
type Thresholds = readonly (Threshold | 'scaled' | null)[];

/** Mostly none; else one for each node in turn. */
const thresholdSpec: fc.Arbitrary<Thresholds> = fc.oneof(
  {weight: 4, arbitrary: fc.constant([null])},
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom<Thresholds[number]>(null, 0.1, 1, {relative: 0.2}, 'scaled'), {
      minLength: 1,
      maxLength: 3,
    }),
  },
);

const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

function firstDifference(a: Float32Array, b: Float32Array): number {
  const [x, y] = [bitsOf(a), bitsOf(b)];
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return i;
  return -1;
}

/** The values of every activation, by value id. */
type Activations = readonly Float32Array[];

/** One graph on one film: what is there, what is expected, and every check. */
class Play {
  private readonly random: RandomGraph;
  private readonly program: Program;
  private readonly inputs: FilmInput[];
  private readonly thresholds: ReadonlyMap<number, Threshold>;
  private readonly cache = new ActivationCache();
  private readonly scratch = new ActivationCache();
  private settings: Setting[];
  private holds: 'nothing' | 'frame' | 'activations' = 'nothing';
  /** The activations after the last committed frame. */
  private last: Activations = [];
  /** The tolerance of each channel of each output of nodes with thresholds, by value. */
  private tolerances = new Map<ValueId, Float64Array>();

  constructor(
    spec: GraphSpec,
    private readonly film: FilmSpec,
    thresholds: Thresholds,
  ) {
    this.random = new RandomGraph(spec);
    const {graph} = this.random;
    expect(wasmEngine.refuses(graph, 'cpu')).toBeNull();
    this.thresholds = new Map(
      graph.nodes.flatMap(({id, op, outputs}) => {
        const wanted = op.kind === 'reshape' ? null : thresholds[id % thresholds.length];
        const threshold = wanted === 'scaled' ? this.scaled(outputs) : wanted;
        return threshold === null ? [] : [[id, threshold] as const];
      }),
    );
    this.program = wasmEngine.compile(graph, {thresholds: this.thresholds, inputThreshold: gateOf(film)});
    this.inputs = graph.inputs.map(
      (id, i) => new FilmInput(this.planeOf(id), {...film, seed: film.seed + i}),
    );
    this.settings = settingsOf(graph);
  }

  run(): void {
    this.film.frames.forEach((frame, t) => this.frame(frame, t));
    expect(this.cache.bytes).toBe(this.program.cacheBytes);
  }

  dispose(): void {
    this.cache.dispose();
    this.scratch.dispose();
    this.program.dispose();
    this.random.dispose();
  }

  /** The graph's ops, for whoever has to find out what failed. */
  get description(): string {
    const {nodes, values} = this.random.graph;
    return nodes
      .map(
        ({op, inputs, outputs}) =>
          `${outputs.join()} [${values[outputs[0]].shape!.join()}] = ${JSON.stringify(op)} of ${inputs.join()}`,
      )
      .join('\n');
  }

  /** A scale fits outputs of one number of channels. */
  private scaled(outputs: readonly ValueId[]): Threshold | null {
    const channels = outputs.map((id) => this.planeOf(id).channels);
    if (channels.some((count) => count !== channels[0])) return null;
    return {relative: 0.5, rms: Array.from({length: channels[0]}, (_, c) => (c % 3) / 2)};
  }

  private planeOf(id: ValueId): Plane {
    return planeOf(this.random.graph.values[id]);
  }

  private frame(spec: FrameSpec, t: number): void {
    if (t === this.film.assignAt && this.random.graph.weights.length > 0) {
      this.random.assign(this.film.seed + 1);
      this.settings = settingsOf(this.random.graph);
      this.holds = 'nothing';
    }
    if (spec.variant && this.holds === 'activations') this.variant(spec.variant, spec);
    if (spec.way === 'compute') this.show(spec.edit, spec, true);
    else this.watch(spec);
  }

  /** Leaves a frame to somebody else; and computes it later. */
  private watch({edit, way}: FrameSpec): void {
    const foresight = this.program.foresight!;
    this.edit(edit);
    this.withFrame((frame) => {
      this.difference(frame, null);
      foresight.watch(this.cache, frame);
    });
    // The gate is for what is seen after another frame.
    this.inputs.forEach((input) => (input.seen = input.look(this.holds === 'frame' ? 'compare' : 'all')));
    this.holds = 'frame';
    if (way === 'watch') return;
    foresight.catchUp(this.cache);
    this.holds = 'activations';
    this.last = this.fromScratch(this.inputs.map(({seen}) => seen));
    this.calibrate(this.last);
  }

  /** Shows an edit of the live frame without committing it, and takes the edit back. */
  private variant(edit: EditSpec, spec: FrameSpec): void {
    const before = this.inputs.map((input) => input.frame());
    this.show(edit, spec, false);
    this.inputs.forEach((input, i) => input.restore(before[i]));
  }

  private show(edit: EditSpec, {changed}: FrameSpec, commit: boolean): void {
    const isFull = this.holds !== 'activations';
    const edited = this.edit(edit);
    const given = changed === 'compare' ? null : edited.map((region) => claim(region, changed));
    const seen = this.inputs.map((input, i) => input.look(isFull ? 'all' : (given?.[i] ?? 'compare')));
    const {activations, regions} = this.withFrame((frame) => this.compute(frame, given, commit));
    this.random.graph.inputs.forEach((id, i) => this.expectSame(activations[id], seen[i], `input ${i}`));
    if (isFull) this.calibrate(activations);
    this.judge(activations, isFull);
    if (this.thresholds.size === 0) this.compareWithScratch(activations, seen);
    if (!isFull) this.checkRegions(regions, activations, this.last);
    if (!commit) return;
    this.holds = 'activations';
    this.last = activations;
    this.inputs.forEach((input, i) => (input.seen = seen[i]));
  }

  /** @returns what may have changed of each input */
  private edit({rects, inputs}: EditSpec): Region[] {
    const last = this.inputs.length - 1;
    return this.inputs.map((input, i) => {
      const isReached = inputs === 'all' || i === (inputs === 'first' ? 0 : last);
      return input.edit(isReached ? rects : []);
    });
  }

  /** The live frame, as tensors or as the arrays of its caller. */
  private withFrame<T>(work: (frame: Frame) => T): T {
    const {kind, extra, asTensor} = this.film;
    const asTensors = asTensor && extra === 0 && (kind === 'float32' || kind === 'int32');
    const frame = this.inputs.map((input) => {
      const array = input.frame();
      return asTensors ? tf.tensor1d(array.data as Float32Array, kind) : array;
    });
    const result = work(frame);
    tf.dispose(frame.filter((value) => value instanceof tf.Tensor));
    return result;
  }

  private difference(frame: Frame, given: Region[] | null): Delta {
    this.program.refresh();
    const delta = this.program.difference(this.cache, frame, given);
    if (delta.full !== (this.holds !== 'activations'))
      throw new Error(`The cache holds ${this.holds}, and everything is computed: ${delta.full}`);
    if (this.film.forecast) this.program.foresight!.forecast(this.cache, delta);
    return delta;
  }

  private compute(frame: Frame, given: Region[] | null, commit: boolean) {
    const delta = this.difference(frame, given);
    const {outputs, report} = this.program.run(this.cache, frame, delta, {commit});
    const reports = report()!;
    const regions = this.random.graph.nodes
      .filter(({op}) => op.kind !== 'reshape')
      .map(({outputs: [id]}, i) => ({id, region: reports[i].region!}));
    return {activations: valuesOf(outputs), regions};
  }

  private fromScratch(seen: readonly Float32Array[]): Activations {
    this.scratch.clear();
    const frame = seen.map((data, i) => ({data, stride: this.inputs[i].plane.channels}));
    const delta = this.program.difference(this.scratch, frame, null);
    return valuesOf(this.program.run(this.scratch, frame, delta).outputs);
  }

  private compareWithScratch(actual: Activations, seen: readonly Float32Array[]): void {
    this.fromScratch(seen).forEach((values, id) =>
      this.expectSame(actual[id], values, `value ${id} against one from scratch`),
    );
  }

  private expectSame(actual: Float32Array, expected: Float32Array, what: string): void {
    const at = firstDifference(actual, expected);
    if (at >= 0) throw new Error(`${what}: ${actual[at]} at ${at}, expected ${expected[at]}`);
  }

  /** What a threshold that is relative to the first frame comes to. */
  private calibrate(activations: Activations): void {
    for (const [node, threshold] of this.thresholds) {
      for (const id of this.random.graph.nodes[node].outputs) {
        const {channels} = this.planeOf(id);
        const values = activations[id];
        const tolerances = new Float64Array(channels).map((_, c) => {
          if (typeof threshold === 'number') return threshold;
          if (threshold.rms) return threshold.relative * threshold.rms[c];
          const squares = values.reduce(
            (sum, value, i) => (i % channels === c ? sum + value * value : sum),
            0,
          );
          return threshold.relative * Math.sqrt(squares / (values.length / channels));
        });
        this.tolerances.set(id, tolerances);
      }
    }
  }

  private judge(activations: Activations, isFull: boolean): void {
    for (const node of this.random.graph.nodes) {
      const ids = [...node.inputs, ...node.outputs];
      const isKnown = !isFull && ids.every((id) => firstDifference(activations[id], this.last[id]) < 0);
      if (!isKnown) this.judgeNode(node, activations, isFull);
    }
  }

  private judgeNode(node: Node, activations: Activations, isFull: boolean): void {
    const external = this.random.externals.get(node.id);
    if (external) {
      EXTERNALS[external](activations[node.inputs[0]]).forEach((expected, i) =>
        this.expectWithin(node, node.outputs[i], activations, expected, null, isFull),
      );
      return;
    }
    const setting = this.settings[node.id];
    const pictures = node.inputs.map((id): Picture => ({
      plane: this.planeOf(id),
      data: Float64Array.from(activations[id]),
    }));
    const exact = compute(node.op, pictures, setting);
    const bounds = roundingOf(node.op, pictures, setting, exact);
    this.expectWithin(node, node.outputs[0], activations, exact, bounds, isFull);
  }

  private expectWithin(
    node: Node,
    id: ValueId,
    activations: Activations,
    exact: Float64Array | Float32Array,
    bounds: Float64Array | null,
    isFull: boolean,
  ): void {
    const actual = activations[id];
    const tolerances = isFull ? undefined : this.tolerances.get(id);
    const {channels} = this.planeOf(id);
    for (let i = 0; i < exact.length; i++) {
      // The tolerance is float32, and so is the difference that it is compared with. Nothing is within NaN.
      const tolerance = (tolerances?.[i % channels] || 0) * (1 + 1e-6);
      const bound = bounds?.[i] ?? 0;
      if (isWithin(actual[i], exact[i], bound, tolerance)) continue;
      throw new Error(
        `node ${node.id}, value ${id}: ${actual[i]} at ${i}, the reference has ${exact[i]}: off by ${Math.abs(actual[i] - exact[i])}, ` +
          `where ${bound} + ${tolerance} is allowed`,
      );
    }
  }

  private checkRegions(
    regions: readonly {id: ValueId; region: Region}[],
    now: Activations,
    before: Activations,
  ): void {
    for (const {id, region} of regions) {
      const {height, width, channels} = this.planeOf(id);
      const [a, b] = [bitsOf(now[id]), bitsOf(before[id])];
      const mask = new Uint8Array(height * width);
      a.forEach((bits, i) => bits !== b[i] && (mask[Math.floor(i / channels)] = 1));
      const changed = Region.fromMask(height, width, mask);
      const isRight = this.thresholds.size === 0 ? region.equals(changed) : region.covers(changed);
      if (!isRight)
        throw new Error(
          `value ${id}: reported as changed ${region.toMask().join('')}, but is ${mask.join('')}`,
        );
    }
  }
}

function valuesOf(outputs: tf.Tensor[]): Activations {
  const values = outputs.map((tensor) => tensor.dataSync() as Float32Array);
  tf.dispose(outputs);
  return values;
}

/** What a caller says of an edit. */
function claim(edited: Region, changed: Exclude<FrameSpec['changed'], 'compare'>): Region {
  const {height, width} = edited;
  if (changed === 'everything') return Region.full(height, width);
  if (changed === 'more')
    return edited.union(Region.fromRects(height, width, [{y: 0, x: 0, height: 1, width}]));
  if (changed === 'exact') return edited;
  return Region.fromMask(
    height,
    width,
    edited.toMask().map((bit, i) => (i % 2 === 0 ? bit : 0)),
  );
}

/** The same kind of number, and near enough if it is one. */
function isWithin(actual: number, exact: number, bound: number, tolerance: number): boolean {
  if (isFinite(exact)) return bound + tolerance === INFINITE || abs(actual - exact) <= bound + tolerance;
  return Object.is(actual, exact) || tolerance === INFINITE;
}

beforeAll(() => useBackend('cpu'));

it(`is right to the bit and within rounding of float64 in ${CASES} random graphs and films`, () => {
  const tensors = tf.memory().numTensors;
  fc.assert(
    fc.property(graphSpec, filmSpec, thresholdSpec, (graph, film, thresholds) => {
      const play = new Play(graph, film, thresholds);
      try {
        play.run();
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${play.description}`, {cause: error});
      } finally {
        play.dispose();
      }
    }),
    {numRuns: CASES, seed: SEED},
  );
  expect(tf.memory().numTensors).toBe(tensors);
}, 900_000);
