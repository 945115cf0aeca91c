/** All sides of a host with one network, in turns: who opens, is what tfjs is, and takes how long. */
import {median} from '../../examples/atari/figures';
import {rotated} from '../turn';
import type {Host, Realm, Turn} from './hosts/host';
import type {Absence, DenseFigure} from './results';
import {sideId, sidesOn, type Library, type Side} from './sides';

/** Frames before any count: code is compiled, and compiled better, while they run and in the time after. */
const WARM_UP = 20;

/** Of an output's largest value: what other libraries round otherwise. */
const CLOSE = 1e-4;

interface Entry {
  readonly side: Side;
  readonly realm: Realm;
  readonly difference: number;
  readonly turns: Turn[];
}

export interface Course {
  readonly libraries: readonly Library[];
  /** Frames of a turn, and turns of each side. */
  readonly frames: number;
  readonly rounds: number;
}

/**
 * @param folder of the work's files
 * @returns by the side's id
 * @throws where a side's result is not tfjs's
 */
export async function hold(
  host: Host,
  folder: string,
  {libraries, frames, rounds}: Course,
): Promise<Record<string, DenseFigure | Absence>> {
  const figures: Record<string, DenseFigure | Absence> = {};
  const entries: Entry[] = [];
  try {
    for (const side of sidesOn(host.kind, libraries)) {
      const entered = await enter(host, side, folder);
      if ('absent' in entered) figures[sideId(side)] = entered;
      else entries.push(entered);
    }
    for (let round = 0; round < rounds; round++) {
      for (const {realm, turns} of rotated(entries, round)) turns.push(await realm.play(frames));
    }
  } finally {
    for (const {realm} of entries) await realm.close();
  }
  for (const entry of entries) figures[sideId(entry.side)] = figureOf(entry, frames);
  return figures;
}

/** A side that does not run here is left out, with the reason; one that computes something else is an error. */
async function enter(host: Host, side: Side, folder: string): Promise<Entry | Absence> {
  let realm: Realm | null = null;
  let difference: number;
  try {
    realm = await host.open(side, folder);
    difference = await realm.check();
    await realm.play(WARM_UP);
  } catch (error) {
    await realm?.close();
    return {absent: (error as Error).message};
  }
  if (difference <= CLOSE) return {side, realm, difference, turns: []};
  await realm.close();
  throw new Error(
    `${host.name}, ${sideId(side)}: the result is off tfjs's own by ${difference} of its largest value.`,
  );
}

function figureOf({difference, turns}: Entry, frames: number): DenseFigure {
  const cpu = turns.map(({cpuMs}) => cpuMs);
  return {
    ms: median(turns.flatMap(({ms}) => ms)),
    cpuMs: cpu.every((ms) => ms !== null) ? median(cpu.map((ms) => ms / frames)) : null,
    difference,
  };
}
