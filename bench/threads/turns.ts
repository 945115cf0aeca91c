/** One work in turns on one thread and on two: as fast as it goes, or so many frames a second. */
import {setTimeout as sleep} from 'node:timers/promises';
import {mean, median} from '../../examples/atari/figures';
import {setThreads} from '../../src';
import {startCost} from '../measure/cost';
import {rotated} from '../turn';
import type {Work} from './works';

export const COUNTS = [1, 2] as const;
export type Count = (typeof COUNTS)[number];

export interface Course {
  /** Frames of a turn, and turns of each number of threads. */
  readonly frames: number;
  readonly rounds: number;
  /** Frames a second; null for as many as are computed. */
  readonly rate: number | null;
}

/** What a frame took. */
export interface Figure {
  readonly medianMs: number;
  /** Of the turns' means, median. */
  readonly meanMs: number;
  /** The longest frame but one in a hundred. */
  readonly slowMs: number;
  /** The processor's, of all threads together; of the turns' means, median. With all that the process does between two frames. */
  readonly cpuMs: number;
}

/** Frames of a turn that do not count: a number of threads that is new has programs compiled anew. */
const WARM_UP = 20;

interface Turn {
  readonly ms: readonly number[];
  readonly cpuMs: number;
}

export async function contest(work: Work, {frames, rounds, rate}: Course): Promise<Record<Count, Figure>> {
  const turns: Record<Count, Turn[]> = {1: [], 2: []};
  for (let round = 0; round < rounds; round++) {
    for (const count of rotated(COUNTS, round)) {
      await setThreads(count);
      await play(work, WARM_UP, rate);
      turns[count].push(await play(work, frames, rate));
    }
  }
  return {1: figureOf(turns[1]), 2: figureOf(turns[2])};
}

async function play(work: Work, count: number, rate: number | null): Promise<Turn> {
  const ms: number[] = [];
  const stop = startCost(null);
  const begun = performance.now();
  for (let t = 0; t < count; t++) {
    const start = performance.now();
    work.run(t);
    ms.push(performance.now() - start);
    const rest = rate === null ? 0 : begun + (1000 * (t + 1)) / rate - performance.now();
    if (rest > 0) await sleep(rest);
  }
  return {ms, cpuMs: stop().cpuMs / count};
}

export function figureOf(turns: readonly Turn[]): Figure {
  const all = turns.flatMap(({ms}) => ms).sort((a, b) => a - b);
  return {
    medianMs: median(all),
    meanMs: median(turns.map(({ms}) => mean(ms))),
    slowMs: all[Math.ceil(0.99 * all.length) - 1],
    cpuMs: median(turns.map(({cpuMs}) => cpuMs)),
  };
}
