/**
 * Plays a random clip on a random graph, on any engine, and checks every frame: the inputs are to the bit what a reader of
 * the rules expects a cache to have seen; without thresholds every activation is, to the bit, what the engine computes for
 * that frame from scratch; the regions reported are the pixels whose bits changed, and without thresholds no others; a
 * variant that is not committed leaves no trace. How near a node's output has to be to what float64 computes from the node's
 * own inputs, as the engine holds them, is each engine's own matter.
 */
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../../src/cache';
import type {Delta, Engine, Frame, Program, Threshold} from '../../../src/engines/engine';
import {planeOf, type Node, type Plane, type ValueId} from '../../../src/graph';
import {Region} from '../../../src/region';
import {compute, settingsOf, type Picture, type Setting} from '../../reference/float64';
import {EXTERNALS} from './externals';
import type {GraphSpec} from './graph-spec';
import {ClipInput, gateOf, type EditSpec, type ClipSpec, type FrameSpec} from './random-clip';
import {RandomGraph} from './random-graph';
import {bitsOf, firstDifference, valuesOf} from './values';

/** What each node in turn gets: a threshold, a relative one with a scale of its own, or none. */
export type Thresholds = readonly (Threshold | 'scaled' | null)[];

/** The values of every activation, by value id. */
export type Activations = readonly Float32Array[];

/** An output of a node, and what it should be. */
export interface Judged {
  readonly node: Node;
  readonly id: ValueId;
  readonly actual: Float32Array;
  readonly exact: Float64Array | Float32Array;
  /** What the node read; null where what it computes is exact. */
  readonly pictures: Picture[] | null;
  readonly setting: Setting;
  /** The tolerance of each channel; undefined where there is none. */
  readonly tolerances: Float64Array | undefined;
  readonly channels: number;
}

interface Reported {
  readonly id: ValueId;
  readonly region: Region;
}

export abstract class Play {
  protected readonly random: RandomGraph;
  protected readonly program: Program;
  protected readonly inputs: readonly ClipInput[];
  protected readonly cache = new ActivationCache();
  protected settings: Setting[];
  protected holds: 'nothing' | 'frame' | 'activations' = 'nothing';
  /** The activations after the last committed frame. */
  protected last: Activations = [];
  private readonly thresholds: ReadonlyMap<number, Threshold>;
  private readonly scratch = new ActivationCache();
  /** The tolerance of each channel of each output of nodes with thresholds, by value. */
  private readonly tolerances = new Map<ValueId, Float64Array>();

  constructor(
    engine: Engine,
    spec: GraphSpec,
    protected readonly clip: ClipSpec,
    thresholds: Thresholds,
  ) {
    this.random = new RandomGraph(spec);
    const {graph} = this.random;
    // Before the engine has the weights: once they are on a device, they cannot be read at once.
    this.settings = settingsOf(graph);
    expect(engine.unsupportedReason(graph, tf.getBackend())).toBeNull();
    this.thresholds = new Map(
      graph.nodes.flatMap(({id, op, outputs}) => {
        const wanted = op.kind === 'reshape' ? null : thresholds[id % thresholds.length];
        const threshold = wanted === 'scaled' ? this.scaled(outputs) : wanted;
        return threshold === null ? [] : [[id, threshold] as const];
      }),
    );
    this.program = engine.compile(graph, {thresholds: this.thresholds, inputThreshold: gateOf(clip)});
    this.inputs = graph.inputs.map(
      (id, i) => new ClipInput(this.planeOf(id), {...clip, seed: clip.seed + i}),
    );
  }

  async run(): Promise<void> {
    for (const [t, frame] of this.clip.frames.entries()) await this.frame(frame, t);
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

  /** @throws where a value is too far from what it should be */
  protected abstract judgeValues(judged: Judged): void;

  protected async frame(spec: FrameSpec, _t: number): Promise<void> {
    if (spec.variant && this.holds === 'activations') await this.variant(spec.variant, spec);
    await this.take(spec);
  }

  /** The frame itself. */
  protected async take(spec: FrameSpec): Promise<void> {
    await this.show(spec.edit, spec, true);
  }

  /** @returns what may have changed of each input */
  protected edit({rects, inputs}: EditSpec): Region[] {
    const last = this.inputs.length - 1;
    return this.inputs.map((input, i) => {
      const isReached = inputs === 'all' || i === (inputs === 'first' ? 0 : last);
      return input.edit(isReached ? rects : []);
    });
  }

  /** The live frame, as tensors or as the arrays of its caller. */
  protected async withFrame<T>(work: (frame: Frame) => Promise<T>): Promise<T> {
    const {kind, extra, asTensor} = this.clip;
    const asTensors = asTensor && extra === 0 && (kind === 'float32' || kind === 'int32');
    const frame = this.inputs.map((input) => {
      const array = input.frame();
      return asTensors ? tf.tensor1d(array.data as Float32Array, kind) : array;
    });
    const result = await work(frame);
    tf.dispose(frame.filter((value) => value instanceof tf.Tensor));
    return result;
  }

  protected difference(frame: Frame, given: Region[] | null): Delta {
    this.program.refresh();
    const delta = this.program.difference(this.cache, frame, given);
    if (delta.full !== (this.holds !== 'activations'))
      throw new Error(`The cache holds ${this.holds}, and everything is computed: ${delta.full}`);
    return delta;
  }

  protected async fromScratch(seen: readonly Float32Array[]): Promise<Activations> {
    this.scratch.clear();
    const frame = seen.map((data, i) => ({data, stride: this.inputs[i].plane.channels}));
    const delta = this.program.difference(this.scratch, frame, null);
    return valuesOf(this.program.run(this.scratch, frame, delta).outputs);
  }

  /** What a threshold that is relative to the first frame comes to. */
  protected calibrate(activations: Activations): void {
    for (const [node, threshold] of this.thresholds) {
      for (const id of this.random.graph.nodes[node].outputs) {
        const {channels} = this.planeOf(id);
        this.tolerances.set(id, tolerancesOf(threshold, activations[id], channels));
      }
    }
  }

  private planeOf(id: ValueId): Plane {
    return planeOf(this.random.graph.values[id]);
  }

  /** A scale fits outputs of one number of channels. */
  private scaled(outputs: readonly ValueId[]): Threshold | null {
    const channels = outputs.map((id) => this.planeOf(id).channels);
    if (channels.some((count) => count !== channels[0])) return null;
    return {relative: 0.5, rms: Array.from({length: channels[0]}, (_, c) => (c % 3) / 2)};
  }

  /** Shows an edit of the live frame without committing it, and takes the edit back. */
  private async variant(edit: EditSpec, spec: FrameSpec): Promise<void> {
    const before = this.inputs.map((input) => input.frame());
    await this.show(edit, spec, false);
    this.inputs.forEach((input, i) => input.restore(before[i]));
  }

  private async show(edit: EditSpec, {changed}: FrameSpec, commit: boolean): Promise<void> {
    const isFull = this.holds !== 'activations';
    const edited = this.edit(edit);
    const given = changed === 'compare' ? null : edited.map((region) => claim(region, changed));
    const seen = this.inputs.map((input, i) => input.look(isFull ? 'all' : (given?.[i] ?? 'compare')));
    const {activations, regions} = await this.withFrame((frame) => this.compute(frame, given, commit));
    this.random.graph.inputs.forEach((id, i) => expectSame(activations[id], seen[i], `input ${i}`));
    if (isFull) this.calibrate(activations);
    this.judge(activations, isFull);
    if (this.thresholds.size === 0) await this.compareWithScratch(activations, seen);
    if (!isFull) this.checkRegions(regions, activations);
    if (!commit) return;
    this.holds = 'activations';
    this.last = activations;
    this.inputs.forEach((input, i) => (input.seen = seen[i]));
  }

  private async compute(frame: Frame, given: Region[] | null, commit: boolean) {
    const delta = this.difference(frame, given);
    const {outputs, reportAsync} = this.program.run(this.cache, frame, delta, {commit});
    const reports = (await reportAsync())!;
    const regions = this.random.graph.nodes
      .filter(({op}) => op.kind !== 'reshape')
      .map(({outputs: [id]}, i): Reported => ({id, region: reports[i].region!}));
    return {activations: await valuesOf(outputs), regions};
  }

  private async compareWithScratch(actual: Activations, seen: readonly Float32Array[]): Promise<void> {
    const expected = await this.fromScratch(seen);
    expected.forEach((values, id) => expectSame(actual[id], values, `value ${id} against one from scratch`));
  }

  /** Nodes of which nothing changed were judged before. */
  private judge(activations: Activations, isFull: boolean): void {
    for (const node of this.random.graph.nodes) {
      const ids = [...node.inputs, ...node.outputs];
      const isKnown = !isFull && ids.every((id) => firstDifference(activations[id], this.last[id]) < 0);
      if (!isKnown) this.judgeNode(node, activations, isFull);
    }
  }

  private judgeNode(node: Node, activations: Activations, isFull: boolean): void {
    const setting = this.settings[node.id];
    const {pictures, results} = this.expected(node, activations);
    node.outputs.forEach((id, i) =>
      this.judgeValues({
        ...{node, id, pictures, setting},
        actual: activations[id],
        exact: results[i],
        tolerances: isFull ? undefined : this.tolerances.get(id),
        channels: this.planeOf(id).channels,
      }),
    );
  }

  private expected(node: Node, activations: Activations) {
    const external = this.random.externals.get(node.id);
    if (external) return {pictures: null, results: EXTERNALS[external](activations[node.inputs[0]])};
    const pictures = node.inputs.map((id): Picture => ({
      plane: this.planeOf(id),
      data: Float64Array.from(activations[id]),
    }));
    return {pictures, results: [compute(node.op, pictures, this.settings[node.id])]};
  }

  private checkRegions(regions: readonly Reported[], now: Activations): void {
    for (const {id, region} of regions) {
      const {height, width, channels} = this.planeOf(id);
      const [a, b] = [bitsOf(now[id]), bitsOf(this.last[id])];
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

function expectSame(actual: Float32Array, expected: Float32Array, what: string): void {
  const at = firstDifference(actual, expected);
  if (at >= 0) throw new Error(`${what}: ${actual[at]} at ${at}, expected ${expected[at]}`);
}

function tolerancesOf(threshold: Threshold, values: Float32Array, channels: number): Float64Array {
  return new Float64Array(channels).map((_, c) => {
    if (typeof threshold === 'number') return threshold;
    if (threshold.rms) return threshold.relative * threshold.rms[c];
    const squares = values.reduce((sum, value, i) => (i % channels === c ? sum + value * value : sum), 0);
    return threshold.relative * Math.sqrt(squares / (values.length / channels));
  });
}

/** What a caller says of an edit. */
function claim(edited: Region, changed: Exclude<FrameSpec['changed'], 'compare'>): Region {
  const {height, width} = edited;
  if (changed === 'everything') return Region.full(height, width);
  if (changed === 'exact') return edited;
  if (changed === 'more')
    return edited.union(Region.fromRects(height, width, [{y: 0, x: 0, height: 1, width}]));
  return Region.fromMask(
    height,
    width,
    edited.toMask().map((bit, i) => (i % 2 === 0 ? bit : 0)),
  );
}
