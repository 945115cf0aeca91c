/**
 * Random graphs of every op on the WebGPU engine, each over a random film. In every frame the inputs are what a reader of
 * the rules expects a cache to have seen; without thresholds every activation is, to the bit, what the engine computes
 * from scratch, and the reported regions are exactly the pixels whose bits changed, whatever NaN, infinities and zeros
 * of either sign are in the frames; and the outputs are near what float64 computes, or NaN where that is. With thresholds every pixel is within them of what its node computes from its inputs. A
 * variant that is not committed leaves no trace.
 *
 * `REUSE_FUZZ` is how many graphs and films, `REUSE_SEED` where the search starts.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../../src/cache';
import type {Frame, Program, Threshold} from '../../../src/engines/engine';
import {webgpuEngine} from '../../../src/engines/webgpu/engine';
import {planeOf, type Node, type ValueId} from '../../../src/graph';
import {Region} from '../../../src/region';
import {compute, settingsOf, type Picture, type Setting} from '../../reference/float64';
import {
  FilmInput,
  filmSpec,
  gateOf,
  type EditSpec,
  type FilmSpec,
  type FrameSpec,
} from '../wasm/fuzz/random-film';
import {EXTERNALS, graphSpec, RandomGraph, type GraphSpec} from '../wasm/fuzz/random-graph';
import {bitsOf, firstDifference, onWebGpu, valuesOf} from './backend';

const CASES = Number(process.env['REUSE_FUZZ'] ?? 100);
const SEED = Number(process.env['REUSE_SEED'] ?? 1);

/** Of the largest magnitude of a node's result: as tfjs's own backend is held to. */
const TOLERANCE = 1e-4;

type Activations = readonly Float32Array[];

const thresholdSpec = fc.oneof(
  {weight: 3, arbitrary: fc.constant<Threshold | null>(null)},
  {weight: 1, arbitrary: fc.constantFrom<Threshold | null>(0.1, 1, {relative: 0.2})},
);

/**
 * Ops whose results among numbers that are none are another matter: exponentials of infinities, and a maximum of nothing,
 * which tfjs takes for a very small number on one backend and for minus infinity on others.
 */
const IS_LOOSE = (node: Node) =>
  node.op.kind === 'pool2d' || ('activation' in node.op && /softmax/i.test(node.op.activation.name));

class Play {
  private readonly random: RandomGraph;
  private readonly program: Program;
  private readonly inputs: FilmInput[];
  private readonly thresholds: ReadonlyMap<number, Threshold>;
  private readonly cache = new ActivationCache();
  private readonly scratch = new ActivationCache();
  private readonly settings: Setting[];
  private last: Activations = [];
  private readonly tolerances = new Map<ValueId, Float64Array>();

  constructor(
    spec: GraphSpec,
    private readonly film: FilmSpec,
    threshold: Threshold | null,
  ) {
    this.random = new RandomGraph(spec);
    const {graph} = this.random;
    // Before the weights are on the device: there they cannot be read at once.
    this.settings = settingsOf(graph);
    expect(webgpuEngine.refuses(graph, 'webgpu')).toBeNull();
    const nodes = graph.nodes.filter(({op}) => threshold !== null && op.kind !== 'reshape');
    this.thresholds = new Map(nodes.map(({id}) => [id, threshold!]));
    const options = {thresholds: this.thresholds, inputThreshold: gateOf(film)};
    this.program = webgpuEngine.compile(graph, options);
    this.inputs = graph.inputs.map(
      (id, i) => new FilmInput(this.planeOf(id), {...film, seed: film.seed + i}),
    );
  }

  async run(): Promise<void> {
    for (const frame of this.film.frames) {
      if (frame.variant && this.last.length > 0) await this.variant(frame.variant, frame);
      await this.show(frame.edit, frame, true);
    }
    expect(this.cache.bytes).toBeGreaterThanOrEqual(this.program.cacheBytes);
  }

  dispose(): void {
    this.cache.dispose();
    this.scratch.dispose();
    this.program.dispose();
    this.random.dispose();
  }

  get description(): string {
    const {nodes, values} = this.random.graph;
    return nodes
      .map(
        ({op, inputs, outputs}) =>
          `${outputs.join()} [${values[outputs[0]].shape!.join()}] = ${JSON.stringify(op)} of ${inputs.join()}`,
      )
      .join('\n');
  }

  private planeOf(id: ValueId) {
    return planeOf(this.random.graph.values[id]);
  }

  private async variant(edit: EditSpec, spec: FrameSpec): Promise<void> {
    const before = this.inputs.map((input) => input.frame());
    await this.show(edit, spec, false);
    this.inputs.forEach((input, i) => input.restore(before[i]));
  }

  private async show({rects, inputs}: EditSpec, {changed}: FrameSpec, commit: boolean): Promise<void> {
    const isFull = this.last.length === 0;
    const end = this.inputs.length - 1;
    const edited = this.inputs.map((input, i) => {
      const isReached = inputs === 'all' || i === (inputs === 'first' ? 0 : end);
      return input.edit(isReached ? rects : []);
    });
    const given = changed === 'compare' ? null : edited.map((region) => claimOf(region, changed));
    const seen = this.inputs.map((input, i) => input.look(isFull ? 'all' : (given?.[i] ?? 'compare')));
    const {activations, regions} = await this.compute(given, commit);
    this.random.graph.inputs.forEach((id, i) => expectSame(activations[id], seen[i], `input ${i}`));
    if (isFull) this.calibrate(activations);
    this.judge(activations, isFull);
    if (this.thresholds.size === 0) await this.compareWithScratch(activations, seen);
    if (!isFull && commit) this.checkRegions(regions, activations);
    if (!commit) return;
    this.last = activations;
    this.inputs.forEach((input, i) => (input.seen = seen[i]));
  }

  private frame(): Frame {
    const {kind, extra, asTensor} = this.film;
    const asTensors = asTensor && extra === 0 && (kind === 'float32' || kind === 'int32');
    return this.inputs.map((input) => {
      const array = input.frame();
      return asTensors ? tf.tensor1d(array.data as Float32Array, kind) : array;
    });
  }

  private async compute(given: Region[] | null, commit: boolean) {
    const frame = this.frame();
    this.program.refresh();
    const delta = this.program.difference(this.cache, frame, given);
    expect(delta.full).toBe(this.last.length === 0);
    const {outputs, reportAsync} = this.program.run(this.cache, frame, delta, {commit});
    const reports = await reportAsync();
    tf.dispose(frame.filter((value) => value instanceof tf.Tensor));
    const regions = this.random.graph.nodes
      .filter(({op}) => op.kind !== 'reshape')
      .map(({outputs: [id]}, i) => ({id, region: reports[i].region!}));
    return {activations: await valuesOf(outputs), regions};
  }

  private async compareWithScratch(actual: Activations, seen: readonly Float32Array[]): Promise<void> {
    this.scratch.clear();
    const frame = seen.map((data, i) => ({data, stride: this.inputs[i].plane.channels}));
    const delta = this.program.difference(this.scratch, frame, null);
    const {outputs} = this.program.run(this.scratch, frame, delta);
    const values = await valuesOf(outputs);
    values.forEach((expected, id) =>
      expectSame(actual[id], expected, `value ${id} against one from scratch`),
    );
  }

  private calibrate(activations: Activations): void {
    for (const [node, threshold] of this.thresholds) {
      for (const id of this.random.graph.nodes[node].outputs) {
        const {channels} = this.planeOf(id);
        const pixels = activations[id].length / channels;
        const tolerances = new Float64Array(channels).map((_, c) => {
          if (typeof threshold === 'number') return threshold;
          const squares = activations[id].reduce((sum, v, i) => (i % channels === c ? sum + v * v : sum), 0);
          return threshold.relative * Math.sqrt(squares / pixels);
        });
        this.tolerances.set(id, tolerances);
      }
    }
  }

  private judge(activations: Activations, isFull: boolean): void {
    for (const node of this.random.graph.nodes) {
      this.expected(node, activations).forEach((expected, i) => {
        const id = node.outputs[i];
        this.expectWithin(node, id, activations[id], expected, isFull);
      });
    }
  }

  private expected(node: Node, activations: Activations): ArrayLike<number>[] {
    const external = this.random.externals.get(node.id);
    if (external) return EXTERNALS[external](activations[node.inputs[0]]);
    const pictures = node.inputs.map((id): Picture => ({
      plane: this.planeOf(id),
      data: Float64Array.from(activations[id]),
    }));
    return [compute(node.op, pictures, this.settings[node.id])];
  }

  private expectWithin(
    node: Node,
    id: ValueId,
    actual: Float32Array,
    exact: ArrayLike<number>,
    isFull: boolean,
  ): void {
    const {channels} = this.planeOf(id);
    const largest = Array.from(exact).reduce(
      (most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most),
      0,
    );
    const tolerances = isFull ? undefined : this.tolerances.get(id);
    const isStrict = tolerances === undefined && !IS_LOOSE(node);
    for (let i = 0; i < exact.length; i++) {
      if (isStrict && Number.isNaN(exact[i])) expect(actual[i]).toBeNaN();
      if (!Number.isFinite(exact[i]) || Math.abs(exact[i]) > 1e30) continue;
      const tolerance = tolerances?.[i % channels] ?? 0;
      // One that is no number keeps nothing.
      const allowed = (Number.isNaN(tolerance) ? 0 : tolerance) * (1 + 1e-5) + TOLERANCE * largest + 1e-6;
      if (Math.abs(actual[i] - exact[i]) <= allowed) continue;
      throw new Error(
        `node ${node.id}, value ${id}: ${actual[i]} at ${i}, expected ${exact[i]} within ${allowed}`,
      );
    }
  }

  private checkRegions(regions: readonly {id: ValueId; region: Region}[], now: Activations): void {
    for (const {id, region} of regions) {
      const {height, width, channels} = this.planeOf(id);
      const [a, b] = [bitsOf(now[id]), bitsOf(this.last[id])];
      const mask = new Uint8Array(height * width);
      a.forEach((bits, i) => bits !== b[i] && (mask[Math.floor(i / channels)] = 1));
      const changed = Region.fromMask(height, width, mask);
      const isRight = this.thresholds.size === 0 ? region.equals(changed) : region.covers(changed);
      if (!isRight)
        throw new Error(`value ${id}: reported ${region.toMask().join('')}, changed ${mask.join('')}`);
    }
  }
}

function expectSame(actual: Float32Array, expected: Float32Array, what: string): void {
  const at = firstDifference(actual, expected);
  if (at >= 0) throw new Error(`${what}: ${actual[at]} at ${at}, expected ${expected[at]}`);
}

function claimOf(edited: Region, changed: Exclude<FrameSpec['changed'], 'compare'>): Region {
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

onWebGpu('random graphs', () => {
  it(`${CASES} graphs and films`, async () => {
    const tensors = tf.memory().numTensors;
    await fc.assert(
      fc.asyncProperty(graphSpec, filmSpec, thresholdSpec, async (graph, film, threshold) => {
        const play = new Play(graph, film, threshold);
        try {
          await play.run();
        } catch (error) {
          throw new Error(`${(error as Error).message}\n${play.description}`, {cause: error});
        } finally {
          play.dispose();
        }
      }),
      {numRuns: CASES, seed: SEED, endOnFailure: true},
    );
    expect(tf.memory().numTensors).toBe(tensors);
  }, 900_000);
});
