/**
 * Random graphs on the WebAssembly engine, each over a random clip. In every frame, beside what every engine promises
 * (../fuzz/play.ts),
 *
 * - every node's output is what the float64 reference computes from the node's own inputs as the engine holds them, within
 *   the rounding bound of ../../reference/rounding.ts, and, where the node has a threshold, that threshold more
 *   (the promise that approximations do not drift). Judged node by node the bound is as tight at the end of a graph as at
 *   its start;
 * - a frame that was only monitored leaves no trace, nor does a forecast; weights may be assigned in between.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import type {Delta, Frame} from '../../../src/engines/engine';
import {wasmEngine} from '../../../src/engines/wasm/engine';
import {tileableNodes} from '../../../src/engines/wasm/schedule/tiles';
import type {Region} from '../../../src/region';
import {useBackend} from '../../backends';
import {settingsOf} from '../../reference/float64';
import {roundingOf} from '../../reference/rounding';
import {graphSpec, wideGraphSpec, type GraphSpec} from '../fuzz/graph-spec';
import {Play, type Judged, type Thresholds} from '../fuzz/play';
import {clipSpec, type FrameSpec} from '../fuzz/random-clip';
import {sample} from '../../scale';

const SAMPLE = sample({short: 200, ci: 1500, long: 10_000});
const WIDE = sample({short: 40, ci: 300, long: 2000});

// Looking up globals is slow in jest's sandbox.
const {abs} = Math;
const INFINITE = Infinity;
const {isFinite} = Number;
const isInfinite = (value: number) => abs(value) === INFINITE;

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

class WasmPlay extends Play {
  /** In tiles, infinities are subtracted from each other: frames that hold any are the model's. */
  private readonly tileable = tileableNodes(this.random.graph);

  override async run(): Promise<void> {
    await super.run();
    expect(this.cache.bytes).toBe(this.program.cacheBytes);
  }

  protected override async frame(spec: FrameSpec, t: number): Promise<void> {
    if (t === this.clip.assignAt && this.random.graph.weights.length > 0) {
      this.random.assign(this.clip.seed + 1);
      this.settings = settingsOf(this.random.graph);
      this.holds = 'nothing';
    }
    await super.frame(spec, t);
  }

  protected override async take(spec: FrameSpec): Promise<void> {
    if (spec.way === 'compute') await super.take(spec);
    else await this.monitor(spec);
  }

  protected override difference(frame: Frame, given: Region[] | null): Delta {
    const delta = super.difference(frame, given);
    if (this.clip.forecast) this.program.costModel!.forecast(this.cache, delta);
    return delta;
  }

  protected override judgeValues({node, id, actual, exact, pictures, setting, ...rest}: Judged): void {
    const {tolerances, channels} = rest;
    const bounds = pictures && roundingOf(node.op, pictures, setting, exact as Float64Array);
    const mayCancel = this.tileable.has(node) && pictures!.some(({data}) => data.some(isInfinite));
    for (let i = 0; i < exact.length; i++) {
      // The tolerance is float32, and so is the difference that it is compared with. Nothing is within NaN.
      const tolerance = (tolerances?.[i % channels] || 0) * (1 + 1e-6);
      const bound = bounds?.[i] ?? 0;
      if (isWithin(actual[i], exact[i], bound, tolerance)) continue;
      if (mayCancel && Number.isNaN(actual[i])) continue;
      throw new Error(
        `node ${node.id}, value ${id}: ${actual[i]} at ${i}, the reference has ${exact[i]}: off by ${Math.abs(actual[i] - exact[i])}, ` +
          `where ${bound} + ${tolerance} is allowed`,
      );
    }
  }

  /** Leaves a frame to somebody else; and computes it later. */
  private async monitor({edit, way}: FrameSpec): Promise<void> {
    const costModel = this.program.costModel!;
    this.edit(edit);
    await this.withFrame(async (frame) => {
      this.difference(frame, null);
      costModel.monitor(this.cache, frame);
    });
    // The gate is for what is seen after another frame.
    this.inputs.forEach((input) => (input.seen = input.look(this.holds === 'frame' ? 'compare' : 'all')));
    this.holds = 'frame';
    if (way === 'monitor') return;
    this.program.catchUp(this.cache);
    this.holds = 'activations';
    this.last = await this.fromScratch(this.inputs.map(({seen}) => seen));
    this.calibrate(this.last);
  }
}

/** The same kind of number, and near enough if it is one. */
function isWithin(actual: number, exact: number, bound: number, tolerance: number): boolean {
  if (isFinite(exact)) return bound + tolerance === INFINITE || abs(actual - exact) <= bound + tolerance;
  return Object.is(actual, exact) || tolerance === INFINITE;
}

beforeAll(() => useBackend('cpu'));

async function playAll(graphs: fc.Arbitrary<GraphSpec>, cases: ReturnType<typeof sample>): Promise<void> {
  const tensors = tf.memory().numTensors;
  await fc.assert(
    fc.asyncProperty(graphs, clipSpec, thresholdSpec, async (graph, clip, thresholds) => {
      const play = new WasmPlay(wasmEngine, graph, clip, thresholds);
      try {
        await play.run();
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${play.description}`, {cause: error});
      } finally {
        play.dispose();
      }
    }),
    cases,
  );
  expect(tf.memory().numTensors).toBe(tensors);
}

it(
  `is right to the bit and within rounding of float64 in ${SAMPLE.numRuns} random graphs and clips`,
  () => playAll(graphSpec, SAMPLE),
  900_000,
);

it(`and in ${WIDE.numRuns} with convolutions in tiles`, () => playAll(wideGraphSpec, WIDE), 900_000);
