/**
 * Pretrained models with gate and thresholds over a thousand frames, or fewer in a short run: at frames 10, 100 and the last every cached activation is
 * within its threshold of what float64 computes from its current cached inputs; and the results are as near the model's own
 * at the end as at the beginning.
 */
import * as tf from '@tensorflow/tfjs-core';
import {openSource} from '../../../examples/camera/clips';
import {loadModel} from '../../../examples/camera/load-model';
import {resize} from '../../../examples/camera/resize';
import {ActivationCache} from '../../../src/cache';
import type {Frame, Threshold} from '../../../src/engines';
import {wasmEngine} from '../../../src/engines/wasm/engine';
import type {Graph} from '../../../src/graph';
import {GraphModelImporter} from '../../../src/importers';
import {ready} from '../../../src';
import {useBackend} from '../../backends';
import {settingsOf} from '../../reference/float64';
import {atScale} from '../../scale';
import {judge} from '../../reference/judge';
import {PLANNED, whereInstalled} from './real-models';

/** The smallest is quickest. */
const MODELS = atScale({short: ['emotion'], ci: ['emotion'], long: ['emotion', 'meet', 'selfie']});
const FRAMES = atScale({short: 70, ci: 400, long: 1000});
const CHECKED = atScale({short: [FRAMES], ci: [10, 100, FRAMES], long: [10, 100, FRAMES]});
/** The clip goes to its end and back, over and over: this many frames there. */
const LENGTH = atScale({short: 12, ci: 30, long: 30});
const PERIOD = 2 * (LENGTH - 1);
/** Share of each value's root mean square in the first frame. */
const THRESHOLD = 0.03;
/** In grey levels. */
const GATE = 8;

/** A graph that hands out every value with a plane, and where each is among its outputs. */
function showingAll(graph: Graph): {graph: Graph; shown: number[]} {
  const shown = graph.values.filter(({plane, dtype}) => plane && dtype === 'float32').map(({id}) => id);
  const before = graph.outputs.filter((id) => !shown.includes(id));
  return {graph: {...graph, outputs: [...shown, ...before]}, shown};
}

const rmsOf = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** One model's program on a cache of its own. */
class Player {
  private readonly cache = new ActivationCache();
  private readonly program;

  constructor(graph: Graph, thresholds: ReadonlyMap<number, Threshold>, inputThreshold: number) {
    this.program = wasmEngine.compile(graph, {thresholds, inputThreshold});
  }

  show(frame: Frame): Float32Array[] {
    const delta = this.program.difference(this.cache, frame, null);
    const {outputs} = this.program.run(this.cache, frame, delta);
    const values = outputs.map((output) => output.dataSync().slice() as Float32Array);
    tf.dispose(outputs);
    return values;
  }

  dispose(): void {
    this.cache.dispose();
    this.program.dispose();
  }
}

/** A model's plan with all its values shown, the clip it is played on, and thresholds for every node. */
async function open(name: string) {
  const {size, encode} = PLANNED.find((model) => model.name === name)!;
  const [height, width] = size;
  const model = await loadModel(name);
  const [{name: input, shape}] = model.inputs;
  const importer = new GraphModelImporter(model);
  const form = {name: input, shape: [1, height, width, shape![3]], dtype: 'float32'} as const;
  const plan = importer.graph([form], model.outputNodes);
  const {graph, shown} = showingAll(plan);
  const clip = openSource(undefined, LENGTH).map((picture) => encode(resize(picture, {height, width})));
  const levels = [0, 1].map(
    (level) => encode({height: 1, width: 1, values: new Uint8Array(3).fill(level)})[0],
  );
  return {
    model,
    graph,
    outputs: plan.outputs.map((id) => graph.outputs.indexOf(id)),
    gate: GATE * (levels[1] - levels[0]),
    frameAt(t: number): Frame {
      const at = t % PERIOD;
      return [{data: clip[at < LENGTH ? at : PERIOD - at], stride: shape![3]}];
    },
    byId(values: readonly Float32Array[]): (Float32Array | undefined)[] {
      const found: Float32Array[] = [];
      shown.forEach((id, i) => (found[id] = values[i]));
      return found;
    },
  };
}

function thresholdsFor(graph: Graph, activations: readonly (Float32Array | undefined)[]) {
  const thresholds = new Map<number, number>();
  const tolerances = new Map<number, number>();
  for (const {id, op, outputs} of graph.nodes) {
    const values = activations[outputs[0]];
    if (op.kind === 'reshape' || op.kind === 'external' || !values) continue;
    thresholds.set(id, THRESHOLD * rmsOf(values));
    tolerances.set(outputs[0], THRESHOLD * rmsOf(values));
  }
  return {thresholds, tolerances};
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

whereInstalled(`${FRAMES} frames with thresholds`, () => {
  beforeAll(async () => {
    await useBackend('wasm');
    await ready();
  });

  test.each(MODELS)('%s', async (name) => {
    const {model, graph, outputs, gate, frameAt, byId} = await open(name);
    const exact = new Player(graph, new Map(), 0);
    const {thresholds, tolerances} = thresholdsFor(graph, byId(exact.show(frameAt(0))));
    const player = new Player(graph, thresholds, gate);
    const settings = settingsOf(graph);
    const [early, late]: number[][] = [[], []];
    let approximate = 0;
    for (let t = 0; t <= FRAMES; t++) {
      const values = player.show(frameAt(t));
      if (CHECKED.includes(t)) approximate += judge(graph, settings, byId(values), tolerances);
      const isEarly = t >= PERIOD && t < 2 * PERIOD;
      if (!isEarly && t <= FRAMES - PERIOD) continue;
      const expected = exact.show(frameAt(t));
      (isEarly ? early : late).push(mean(outputs.map((at) => distance(values[at], expected[at]))));
    }
    expect(approximate).toBeGreaterThan(0);
    expect(late).toHaveLength(early.length);
    expect(mean(early)).toBeGreaterThan(0);
    expect(mean(late)).toBeLessThan(1.1 * mean(early));
    exact.dispose();
    player.dispose();
    model.dispose();
  });
});

/** |a − b| / |b| */
function distance(a: Float32Array, b: Float32Array): number {
  let [difference, size] = [0, 0];
  b.forEach((value, i) => {
    difference += (a[i] - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(difference / size);
}
