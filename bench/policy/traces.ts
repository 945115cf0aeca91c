/**
 * Recorded streams: what frames of real ones took in real models, to be replayed in the laboratory. A frame after the one
 * before it costs what it cost then; after an older one, as much more as the blocks that differ say.
 */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {median} from '../../examples/atari/figures';
import {apart, BLOCKS, type Shown} from './content';
import {NONE} from './disturbance';
import {reachOf, type Machine} from './machine';
import type {Film} from './play';

export interface Trace {
  readonly name: string;
  /** Milliseconds of each frame, by the model and incrementally; the lesser of two runs. */
  readonly dense: readonly number[];
  readonly incremental: readonly number[];
  /** What the engine forecast for it. */
  readonly forecasts: readonly number[];
  /** Medians: a frame in full, the engine's forecast for one, and comparing two frames. */
  readonly full: number;
  readonly fullForecast: number;
  readonly compare: number;
  /** How many times as long the model was seen to take while this was recorded. */
  readonly slowdowns: readonly number[];
  /** Pixels that changed over those of the blocks that did. */
  readonly density: number;
  /** Of each frame the blocks that differ from the frame before, and the pictures in them. */
  readonly blocks: readonly (readonly (readonly [number, number])[])[];
}

export const FOLDER = join(process.cwd(), 'bench/policy/traces');

export function readTraces(): Trace[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Trace);
}

export function filmOfTrace(trace: Trace): Film {
  const dense = median(trace.dense);
  const shown = framesOf(trace, dense);
  const shares = shown.map((frame, t) => (t === 0 ? 1 : apart(shown[t - 1], frame)));
  const machine: Machine = {
    dense,
    full: trace.full / dense,
    compare: trace.compare / dense,
    spread: spreadOf(trace, shares),
    density: trace.density,
    bias: trace.full / trace.fullForecast,
    stray: 0,
    forecasts: true,
  };
  const reached = (t: number) => reachOf(machine, shares[t]);
  return {
    machine,
    frames: shown,
    strays: shown.map((_, t) => (t === 0 ? 1 : trace.incremental[t] / reached(t))),
    disturbance: NONE,
    seed: 1,
    forecasts: shown.map((_, t) =>
      t === 0 ? trace.fullForecast / trace.full : trace.forecasts[t] / reached(t),
    ),
    slowdowns: trace.slowdowns,
  };
}

function framesOf({blocks, incremental}: Trace, dense: number): Shown[] {
  const now = new Int32Array(BLOCKS);
  return blocks.map((changes, t) => {
    for (const [at, picture] of changes) now[at] = picture;
    const kind = incremental[t] < 0.5 * dense ? 'calm' : incremental[t] < dense ? 'lively' : 'large';
    return {kind, home: 0, blocks: now.slice()};
  });
}

/** How many times its share of the blocks a change reaches, in the middle. */
function spreadOf({incremental, full}: Trace, shares: readonly number[]): number {
  const ratios = shares.flatMap((share, t) =>
    t > 0 && share > 0 && share < 0.9 ? [incremental[t] / full / share] : [],
  );
  return ratios.length === 0 ? 1 : median(ratios);
}
