/**
 * One client in a process of its own: it is asked about the same frames with reuse and without, in turn, on tfjs's wasm backend.
 * `measure.ts NAME [quick]` prints what was found as JSON.
 */
import {createRequire} from 'node:module';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {ready, reuseOf, setThreads} from 'tfjs-reuse';
import type {Client, OpenClient} from './client';
import {CLIPS, framesOf, type Clip} from './frames';

export interface Found {
  readonly client: string;
  readonly version: string;
  readonly line: string;
  readonly weights: Client['weights'];
  readonly clips: readonly ClipFound[];
}

export interface ClipFound {
  readonly clip: Clip;
  /** Of a call's numbers, as a share of the largest of them. */
  readonly difference: number;
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
const clips: ClipFound[] = [];
for (const clip of quick ? CLIPS.slice(0, 1) : CLIPS) clips.push(await measure(clip, quick ? 12 : 60));
const found: Found = {
  client: client.name,
  version: versionOf(client.name),
  line: client.line,
  weights: client.weights,
  clips,
};
console.log(JSON.stringify(found));
process.exit();

async function measure(clip: Clip, count: number): Promise<ClipFound> {
  const frames = framesOf(clip, count, client.frame);
  for (const frame of frames.slice(0, WARM_UP)) for (const side of [alone, reusing]) await side.ask(frame);
  let difference = 0;
  const ms: [number[], number[]] = [[], []];
  const shares: number[] = [];
  for (const frame of frames) {
    const expected = await timed(alone, frame, ms[0]);
    const given = await timed(reusing, frame, ms[1]);
    difference = Math.max(difference, differenceOf(given, expected));
    shares.push(shareOf(reusing));
  }
  const leaked = await leaksOf(frames, quick ? count : CALLS_FOR_LEAKS);
  tf.dispose(frames);
  return {clip, difference, leaked, aloneMs: median(ms[0]), reuseMs: median(ms[1]), share: mean(shares)};
}

async function timed(side: OpenClient, frame: tf.Tensor3D, ms: number[]): Promise<number[]> {
  const start = performance.now();
  const given = await side.ask(frame);
  ms.push(performance.now() - start);
  return given;
}

async function leaksOf(frames: readonly tf.Tensor3D[], calls: number): Promise<number> {
  const before = tf.memory().numTensors;
  for (let call = 0; call < calls; call++) await reusing.ask(frames[call % frames.length]);
  return tf.memory().numTensors - before;
}

/** Infinite where they are not as many numbers: something else was found. */
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
