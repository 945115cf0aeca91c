/**
 * One client in a process of its own: it is asked about the same frames with reuse and without, in turn, on tfjs's wasm backend.
 * `measure.ts NAME [quick]` prints what was found as JSON.
 */
import {createRequire} from 'node:module';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {ready, reuseOf, setThreads} from 'tfjs-reuse';
import type {Call, Client, OpenClient} from './client';
import {CLIPS, framesOf, type Clip} from './frames';

export interface Found {
  readonly client: string;
  readonly version: string;
  readonly line: string;
  readonly weights: Client['weights'];
  readonly calls: readonly CallFound[];
}

export interface CallFound {
  readonly call: string;
  readonly clip: Clip;
  /** Calls in which the client gave numbers: where it found nothing, there is nothing to compare. */
  readonly answers: number;
  /** Of a call's numbers, as a share of the largest of them; null where it is no number. */
  readonly difference: number | null;
  /** Tensors more after the calls of the reusing client than before. */
  readonly leaked: number;
  /** Medians of a whole call. */
  readonly aloneMs: number;
  readonly reuseMs: number;
  /** Multiply-adds done, of all. */
  readonly share: number;
}

const WARM_UP = 5;
const CALLS_FOR_LEAKS = 100;

const [name, quick] = process.argv.slice(2);
const {client} = (await import(`./${name}.ts`)) as {client: Client};
await tf.setBackend('wasm');
await ready();
// As many as tfjs's backend has on two cores.
await setThreads(1);
const alone = await client.open(false);
const reusing = await client.open(true);
const calls: CallFound[] = [];
for (const clip of quick ? CLIPS.slice(0, 1) : CLIPS) calls.push(...(await measure(clip, quick ? 12 : 60)));
const found: Found = {
  client: client.of === undefined ? client.name : `${client.name}, ${client.of}`,
  version: versionOf(client.name),
  line: client.line,
  weights: client.weights,
  calls,
};
console.log(JSON.stringify(found));
process.exit();

/** What was seen of one call over a clip. */
interface Seen {
  answers: number;
  difference: number;
  readonly aloneMs: number[];
  readonly reuseMs: number[];
  readonly shares: number[];
}

async function measure(clip: Clip, count: number): Promise<CallFound[]> {
  const frames = framesOf(clip, count, client.frame);
  await askAll(alone, frames.slice(0, WARM_UP));
  await askAll(reusing, frames.slice(0, WARM_UP));
  const names = Object.keys(reusing.calls);
  const seen = names.map((): Seen => ({answers: 0, difference: 0, aloneMs: [], reuseMs: [], shares: []}));
  for (const frame of frames) {
    const expected: number[][] = [];
    for (const [at, name] of names.entries())
      expected.push(await timed(alone.calls[name], frame, seen[at].aloneMs));
    for (const [at, name] of names.entries()) {
      const given = await timed(reusing.calls[name], frame, seen[at].reuseMs);
      seen[at].difference = Math.max(seen[at].difference, differenceOf(given, expected[at]));
      if (given.length > 0) seen[at].answers++;
      seen[at].shares.push(shareOf(reusing));
    }
  }
  const leaked = await leaksOf(frames, quick ? count : CALLS_FOR_LEAKS);
  tf.dispose(frames);
  return seen.map(({answers, difference, aloneMs, reuseMs, shares}, at) => ({
    ...{call: names[at], clip, answers, difference: Number.isFinite(difference) ? difference : null, leaked},
    ...{aloneMs: median(aloneMs), reuseMs: median(reuseMs), share: mean(shares)},
  }));
}

async function askAll({calls}: OpenClient, frames: readonly tf.Tensor3D[]): Promise<void> {
  for (const frame of frames) for (const call of Object.values(calls)) await call(frame);
}

async function timed(call: Call, frame: tf.Tensor3D, ms: number[]): Promise<number[]> {
  const start = performance.now();
  const given = await call(frame);
  ms.push(performance.now() - start);
  return given;
}

async function leaksOf(frames: readonly tf.Tensor3D[], calls: number): Promise<number> {
  const before = tf.memory().numTensors;
  await askAll(
    reusing,
    Array.from({length: calls}, (_, call) => frames[call % frames.length]),
  );
  return tf.memory().numTensors - before;
}

/** Infinite where there are not as many numbers: something else was found. */
function differenceOf(given: readonly number[], expected: readonly number[]): number {
  if (given.length !== expected.length) return Infinity;
  const largest = Math.max(1e-30, ...expected.map(Math.abs));
  return Math.max(0, ...given.map((value, at) => Math.abs(value - expected[at]) / largest));
}

function shareOf({model}: OpenClient): number {
  const report = reuseOf(model)?.lastFrame;
  return report ? report.macs / report.denseMacs : 1;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function versionOf(name: string): string {
  const installed = createRequire(import.meta.url)(`./node_modules/${name}/package.json`) as {
    version: string;
  };
  return installed.version;
}
