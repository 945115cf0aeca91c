/** One model over one clip, beside itself: times, work and agreement, frame by frame in turns. */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {agreements, withReuse, type ReuseModel, type ReuseOptions} from '../../src';
import {mean, median} from '../../examples/atari/figures';
import type {MeasuredModel, Outputs} from './models';
import type {ModelRun} from './results';

/** Frames that both sides run before they are timed. */
const WARM_UP = 4;

export interface Setting extends Pick<ModelRun, 'clip' | 'setting' | 'gate' | 'threshold'> {
  readonly options: ReuseOptions;
}

interface Turn {
  readonly denseMs: number;
  readonly reuseMs: number;
  readonly computed: number;
  readonly agreement: number | null;
  readonly raw: number;
}

const raw = agreements.raw();

/** Runs the model and its reuse over the same frames in turns, so that what slows one down slows down the other. */
export async function measureRun(
  model: GraphModel,
  measured: MeasuredModel,
  clip: readonly tf.Tensor[],
  {clip: clipName, setting, gate, threshold, options}: Setting,
): Promise<ModelRun> {
  const reuse = withReuse(model, options);
  const turns: Turn[] = [];
  try {
    for (const [t, x] of clip.entries()) turns.push(await turn(model, reuse, measured, x, t % 2 === 0));
  } finally {
    reuse.dispose();
  }
  const counted = turns.slice(WARM_UP);
  const denseMs = median(counted.map((one) => one.denseMs));
  const reuseMs = median(counted.map((one) => one.reuseMs));
  return {
    clip: clipName,
    setting,
    gate,
    threshold,
    denseMs,
    reuseMs,
    speedUp: denseMs / reuseMs,
    computed: mean(counted.map(({computed}) => computed)),
    agreement: measured.agreement && mean(counted.map(({agreement}) => agreement!)),
    raw: mean(counted.map((one) => one.raw)),
  };
}

/** Milliseconds of frames that are computed in full: the model itself, and the engine with an empty cache. */
export async function measureFull(
  model: GraphModel,
  measured: MeasuredModel,
  clip: readonly tf.Tensor[],
): Promise<{denseMs: number; engineMs: number; macs: number}> {
  const reuse = withReuse(model, {policy: 'incremental'});
  const [dense, engine]: number[][] = [[], []];
  let macs = 0;
  try {
    for (const x of clip) {
      dense.push((await timed(() => run(model, measured, x))).ms);
      reuse.reset();
      engine.push((await timed(() => run(reuse, measured, x))).ms);
      macs = reuse.lastFrame!.denseMacs;
    }
  } finally {
    reuse.dispose();
  }
  const counted = (times: number[]) => median(times.slice(2));
  return {denseMs: counted(dense), engineMs: counted(engine), macs};
}

/** @param modelFirst whoever comes second finds the frame in the processor's caches */
async function turn(
  model: GraphModel,
  reuse: ReuseModel<GraphModel>,
  measured: MeasuredModel,
  x: tf.Tensor,
  modelFirst: boolean,
): Promise<Turn> {
  const early = modelFirst ? await timed(() => run(model, measured, x)) : null;
  const mine = await timed(() => run(reuse, measured, x));
  const dense = early ?? (await timed(() => run(model, measured, x)));
  const report = reuse.lastFrame!;
  const all = [dense.outputs, mine.outputs];
  const result = {
    denseMs: dense.ms,
    reuseMs: mine.ms,
    computed: report.denseMacs > 0 ? report.macs / report.denseMacs : 1,
    agreement: measured.agreement && measured.agreement.of(mine.outputs, dense.outputs),
    raw: raw(mine.outputs, dense.outputs),
  };
  tf.dispose(all);
  return result;
}

type Side = Pick<GraphModel, 'execute' | 'executeAsync'> | ReuseModel<GraphModel>;

async function run(side: Side, {outputs, waits}: MeasuredModel, x: tf.Tensor): Promise<Outputs> {
  const names = outputs && [...outputs];
  return waits ? side.executeAsync(x, names) : side.execute(x, names);
}

/** Until the values are there: a backend may compute a result only when somebody reads it. */
async function timed(work: () => Promise<Outputs>): Promise<{ms: number; outputs: Outputs}> {
  const start = performance.now();
  const outputs = await work();
  for (const tensor of outputs instanceof tf.Tensor ? [outputs] : Object.values(outputs)) tensor.dataSync();
  return {ms: performance.now() - start, outputs};
}
