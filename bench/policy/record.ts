/**
 * `npm run bench:policy:record`: records streams for the laboratory, on this machine. Each of `traces/` is written anew. It
 * needs ffmpeg and Chromium, `npm run models`, and tfjs-node.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {useBackend, type Backend} from '../../examples/atari/backend';
import {mean, median} from '../../examples/atari/figures';
import {readClip} from '../../examples/camera/clip-file';
import type {Picture} from '../../examples/camera/pictures';
import {ready, setThreads, withReuse} from '../../src';
import {AutoPolicy} from '../../src/stream/auto/auto-policy';
import type {Decision, Path} from '../../src/stream/policy';
import {keepBusy} from '../auto/busy';
import {gameStream} from '../auto/streams';
import {throughCodec} from '../films/encode';
import {screencast} from '../films/screencast';
import {poseTask} from '../films/task';
import {BLOCKS} from './content';
import {FOLDER, type Trace} from './traces';

const GAME_FRAMES = 300;
const FILM_FRAMES = 80;
const SIDE = Math.sqrt(BLOCKS);

interface Recorded {
  readonly file: string;
  readonly name: string;
  readonly backend: Backend;
  readonly isBusy?: boolean;
  open(): Promise<Opened>;
}

/** What a LayersModel, a GraphModel and those with reuse have in common. */
interface Runner {
  predict(x: tf.Tensor): unknown;
}

interface Opened {
  readonly model: LayersModel | GraphModel;
  readonly shape: readonly number[];
  readonly outputs?: readonly string[];
  readonly frames: readonly Float32Array[];
}

const game = (name: 'Pong' | 'BankHeist') => async (): Promise<Opened> => {
  const {model, shape, frame} = gameStream(name, 'D2:80/160');
  return {model, shape, frames: Array.from({length: GAME_FRAMES}, (_, t) => frame(t + 60))};
};

const posed =
  (pictures: () => Promise<readonly Picture[]> | readonly Picture[]) => async (): Promise<Opened> => {
    const {model, shape, outputs, encode} = await poseTask();
    return {model, shape, outputs, frames: (await pictures()).map(encode)};
  };

async function decodedScreencast(): Promise<readonly Picture[]> {
  const pictures = await screencast(FILM_FRAMES);
  return throughCodec({name: 'trace', codec: 'vp8', pictures, rate: 10, scale: 1}).pictures;
}

const RECORDED: readonly Recorded[] = [
  {file: 'pong', name: 'Pong', backend: 'wasm', open: game('Pong')},
  {file: 'pong-busy', name: 'Pong, busy machine', backend: 'wasm', isBusy: true, open: game('Pong')},
  {file: 'bank-heist', name: 'BankHeist', backend: 'wasm', open: game('BankHeist')},
  {
    file: 'bank-heist-tensorflow',
    name: 'BankHeist, tfjs-node',
    backend: 'tensorflow',
    open: game('BankHeist'),
  },
  {file: 'clip', name: 'the clip, PoseNet', backend: 'wasm', open: posed(() => readClip(FILM_FRAMES))},
  {file: 'screencast', name: 'a screencast in VP8, PoseNet', backend: 'wasm', open: posed(decodedScreencast)},
];

/** What the policy is made to decide, and what it was asked and told. */
const seen = {wish: 'incremental' as Path, forecast: 0, ms: 0, overhead: 0, share: 0};

function takeOverPolicy(): void {
  AutoPolicy.prototype.decide = function ({primed, share}, ask): Decision {
    seen.share = share;
    seen.forecast = ask?.() ?? 0;
    return {path: primed ? seen.wish : 'prime', reason: 'recorded'};
  };
  AutoPolicy.prototype.observe = function (_path, _share, ms, overhead): void {
    Object.assign(seen, {ms, overhead});
  };
}

/** Milliseconds that the policy was told of, of a frame that went this way. */
function run(model: Runner, x: tf.Tensor, outputs: readonly string[] | undefined): number {
  const start = performance.now();
  const named = model as GraphModel;
  const results = [outputs ? named.execute(x, [...outputs]) : model.predict(x)].flat() as tf.Tensor[];
  results.forEach((result) => result.dataSync());
  const ms = performance.now() - start;
  tf.dispose(results);
  return ms;
}

function record({name}: Recorded, {model, shape, outputs, frames}: Opened): Trace {
  const reuse = withReuse(model);
  const passes = [0, 1].map(() => playOnce(model, reuse, frames, shape, outputs));
  reuse.dispose();
  const least = (pick: (pass: (typeof passes)[0]) => number[]) =>
    frames.map((_, t) => rounded(Math.min(...passes.map((pass) => pick(pass)[t]))));
  const dense = least((pass) => pass.dense);
  const blocks = blocksOf(frames, shape);
  const [first] = passes;
  const changed = blocks.map((changes) => changes.length / BLOCKS);
  const densities = first.shares.flatMap((share, t) => (t > 0 && changed[t] > 0 ? [share / changed[t]] : []));
  return {
    name,
    dense,
    incremental: least((pass) => pass.incremental),
    forecasts: first.forecasts.map(rounded),
    full: rounded(median(first.full)),
    fullForecast: rounded(first.forecasts[0]),
    compare: rounded(median(first.overheads)),
    slowdowns: first.dense.map((ms, t) => rounded(ms / dense[t])),
    density: rounded(densities.length === 0 ? 1 : mean(densities)),
    blocks,
  };
}

function playOnce(
  model: Runner,
  reuse: Runner,
  frames: readonly Float32Array[],
  shape: readonly number[],
  outputs: readonly string[] | undefined,
) {
  const pass = {dense: [], incremental: [], forecasts: [], full: [], overheads: [], shares: []} as Record<
    'dense' | 'incremental' | 'forecasts' | 'full' | 'overheads' | 'shares',
    number[]
  >;
  for (const values of frames) {
    const x = tf.tensor(values.slice(), [...shape]);
    pass.dense.push(run(model, x, outputs));
    seen.wish = 'incremental';
    run(reuse, x, outputs);
    pass.incremental.push(seen.ms);
    pass.forecasts.push(seen.forecast);
    pass.overheads.push(seen.overhead);
    pass.shares.push(seen.share);
    if (pass.full.length < 10) {
      seen.wish = 'prime';
      run(reuse, x, outputs);
      pass.full.push(seen.ms);
    }
    x.dispose();
  }
  return pass;
}

/** Of each frame the blocks that differ from the frame before; a picture that was there before has the number it had. */
function blocksOf(frames: readonly Float32Array[], [, height, width, channels]: readonly number[]) {
  const numbers = new Map<string, number>();
  const last = new Int32Array(BLOCKS);
  return frames.map((values) => {
    const changes: [number, number][] = [];
    for (let at = 0; at < BLOCKS; at++) {
      const picture = numberOf(numbers, pictureIn(values, at, {height, width, channels}));
      if (picture !== last[at]) changes.push([at, picture]);
      last[at] = picture;
    }
    return changes;
  });
}

function numberOf(numbers: Map<string, number>, picture: string): number {
  if (!numbers.has(picture)) numbers.set(picture, numbers.size + 1);
  return numbers.get(picture)!;
}

/** The values in a block, as a text that no others have. */
function pictureIn(
  values: Float32Array,
  at: number,
  {height, width, channels}: {height: number; width: number; channels: number},
): string {
  const edge = (i: number, size: number) => Math.floor((i * size) / SIDE);
  const [row, column] = [Math.floor(at / SIDE), at % SIDE];
  const rows: string[] = [String(at)];
  for (let y = edge(row, height); y < edge(row + 1, height); y++) {
    const from = (y * width + edge(column, width)) * channels;
    const to = (y * width + edge(column + 1, width)) * channels;
    rows.push(Buffer.from(values.slice(from, to).buffer).toString('latin1'));
  }
  return rows.join();
}

const rounded = (value: number): number => Number(value.toPrecision(4));

mkdirSync(FOLDER, {recursive: true});
takeOverPolicy();
for (const recorded of RECORDED) {
  process.stderr.write(`${recorded.name}\n`);
  await useBackend(recorded.backend);
  // Figures are of one thread: so are most of those that they stand beside.
  await setThreads(1);
  await ready();
  const opened = await recorded.open();
  const other = recorded.isBusy ? [keepBusy(), keepBusy()] : [];
  const trace = record(recorded, opened);
  other.forEach((process_) => process_.kill());
  writeFileSync(join(FOLDER, `${recorded.file}.json`), `${JSON.stringify(trace)}\n`);
}
