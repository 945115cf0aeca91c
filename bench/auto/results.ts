/** The figures of `npm run bench:auto`, as they are kept. */
import {existsSync, readFileSync, writeFileSync} from 'node:fs';

export interface Score {
  readonly name: string;
  /** Milliseconds a frame, medians of the rounds. */
  readonly auto: number;
  readonly incremental: number;
  readonly model: number;
  /** How many times as fast as the better of the two 'auto' was: the median of the rounds. */
  readonly ofBetter: number;
  /** Share of the frames that it left to the model. */
  readonly left: number;
}

export interface Start {
  readonly name: string;
  readonly frames: number;
  /** What 'auto' took over the allowed: 1.25 times 'incremental' and two frames of the model. Median over fresh streams. */
  readonly ofAllowed: number;
}

/** Of one backend and engine, by itself or with another process that keeps a core busy. */
export interface AutoRun {
  readonly backend: string;
  /** Missing for the one that withReuse chooses. */
  readonly engine?: 'tfjs';
  readonly busy: boolean;
  readonly scores: readonly Score[];
  readonly starts: readonly Start[];
}

/** Adds a run to a file: what was measured again replaces what was measured before. */
export function addTo(file: string, run: AutoRun): void {
  const runs = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as AutoRun[]) : [];
  const isSame = ({backend, engine, busy}: AutoRun) =>
    backend === run.backend && engine === run.engine && busy === run.busy;
  const before = runs.find(isSame);
  const merged: AutoRun = {
    ...run,
    scores: [
      ...(before?.scores ?? []).filter(({name}) => !run.scores.some((score) => score.name === name)),
      ...run.scores,
    ],
    starts: [
      ...(before?.starts ?? []).filter(
        ({name, frames}) => !run.starts.some((start) => start.name === name && start.frames === frames),
      ),
      ...run.starts,
    ],
  };
  const all = before ? runs.map((each) => (isSame(each) ? merged : each)) : [...runs, merged];
  writeFileSync(file, `${JSON.stringify(all, null, 1)}\n`);
}
