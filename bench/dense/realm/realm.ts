/**
 * A place where one side runs one network: a process of Node's, or a frame in a page. Threads and backends are a place's own, so
 * that sides cannot meet. What it is told, and what it answers; how words get there is the host's affair.
 */
import type {Library, Side} from '../sides';
import {FILES, type Work} from '../works/work';
import {litertPlayer} from './litert';
import {onnxNodePlayer, onnxWebPlayer} from './onnx';
import type {Platform} from './platform';
import type {Player} from './player';
import {enginePlayer, tfjsPlayer} from './tfjs';

/** All that a realm does, one after another. */
export interface RealmCalls {
  open(side: Side): Promise<null>;
  /** The largest difference of the first frame's outputs from what tfjs made of it, in shares of an output's largest value. */
  check(): Promise<number>;
  /** Milliseconds of so many frames. */
  play(count: number): Promise<number[]>;
}

type Open = (work: Work, platform: Platform, threads: Side['threads']) => Promise<Player>;

const PLAYERS: Readonly<Record<Library, Open>> = {
  'tfjs-wasm': (work, platform, threads) => tfjsPlayer(work, platform, 'wasm', threads),
  engine: enginePlayer,
  litert: litertPlayer,
  'onnx-web': onnxWebPlayer,
  'tfjs-node': (work, platform, threads) => tfjsPlayer(work, platform, 'tensorflow', threads),
  'onnx-node': onnxNodePlayer,
};

export function realmOf(platform: Platform): RealmCalls {
  let player: Player;
  let work: Work;
  let frames: Float32Array[];
  return {
    async open({library, threads}) {
      work = JSON.parse(new TextDecoder().decode(await platform.read(FILES.work))) as Work;
      frames = parts(
        await platform.read(FILES.frames),
        new Array<number>(work.frames).fill(sizeOf(work.shape)),
      );
      player = await PLAYERS[library](work, platform, threads);
      return null;
    },
    async check() {
      const expected = parts(await platform.read(FILES.expected), work.lengths);
      const {outputs} = await player.predict(frames[0]);
      return Math.max(...outputs.map((values, i) => difference(values, expected[i])));
    },
    async play(count) {
      const times: number[] = [];
      for (let at = 0; at < count; at++) times.push((await player.predict(frames[at % frames.length])).ms);
      return times;
    },
  };
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

function parts(bytes: ArrayBuffer, lengths: readonly number[]): Float32Array[] {
  const all = new Float32Array(bytes);
  let at = 0;
  return lengths.map((length) => all.subarray(at, (at += length)));
}

/** Infinity where there are not as many values, or one is NaN. */
export function difference(values: Float32Array, expected: Float32Array): number {
  if (values.length !== expected.length) return Infinity;
  let [most, scale] = [0, 0];
  values.forEach((value, i) => {
    const distance = Math.abs(value - expected[i]);
    most = distance <= most ? most : Number.isNaN(distance) ? Infinity : distance;
    scale = Math.max(scale, Math.abs(expected[i]));
  });
  return most / scale;
}
