/** Which of the settings that were found hold elsewhere too: plain decisions on what a judge says of them. */
import type {Played} from './clip';
import {isExact, type Found, type Settings} from './search';

/** Where the best settings do not hold, their thresholds are made finer by this factor, so often. */
const FINER = 2 ** -0.25;
const FINER_STEPS = 8;
/** Of the others, each takes so many times the multiply-adds of the one before it, at least. */
const COST_STEP = 1.05;
const OTHERS = 11;
/** Settings that are judged at most. */
export const MOST_CHOICES = 1 + FINER_STEPS + OTHERS;

/** Settings that hold, and what a judge saw of them. */
export interface Finalized {
  readonly settings: Settings;
  readonly played: Played;
}

/**
 * @param left how many more may be judged after these, at most
 * @returns null where the settings do not hold
 */
export type Judge = (settings: Settings, left: number) => Promise<Played | null>;

/**
 * The best settings, or finer ones in the same proportions, or others that were found and are cheaper than these.
 * @param found the best first, as `search` gives them
 * @returns null where nothing holds but, perhaps, the exact settings
 */
export async function finalize(found: readonly Found[], judge: Judge): Promise<Finalized | null> {
  let left = MOST_CHOICES;
  const firstThatHolds = async (choices: readonly Settings[]): Promise<Finalized | null> => {
    for (const settings of choices) {
      const played = await judge(settings, --left);
      if (played) return {settings, played};
    }
    return null;
  };
  const [best] = found;
  if (!best || isExact(best.settings)) return null;
  const held = await firstThatHolds([best.settings]);
  if (held) return held;
  const finer = await firstThatHolds(finerThan(best.settings));
  const other = await firstThatHolds(othersThan(best, found, finer?.played.macsShare ?? Infinity));
  if (!finer || !other) return finer ?? other;
  return other.played.macsShare < finer.played.macsShare ? other : finer;
}

function finerThan({gate, relative}: Settings): Settings[] {
  if (relative.size === 0) return [];
  return Array.from({length: FINER_STEPS}, (_, step) => {
    const factor = FINER ** (step + 1);
    return {gate, relative: new Map([...relative].map(([name, share]) => [name, factor * share]))};
  });
}

/** By cost, not by how far they agreed on the frames searched on: that says little of other frames. */
function othersThan({cost}: Found, found: readonly Found[], below: number): Settings[] {
  const choices: Settings[] = [];
  let least = COST_STEP * cost;
  for (const one of found) {
    if (isExact(one.settings) || one.cost < least || one.cost >= below) continue;
    choices.push(one.settings);
    least = COST_STEP * one.cost;
  }
  return choices.slice(0, OTHERS);
}
