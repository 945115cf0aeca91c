/**
 * The search for settings: plain decisions on what trials say. It knows nothing of models, frames or tensors.
 *
 * First the gate alone, from the finest on; then thresholds for all nodes that rise from front to back, on a few of the
 * gates; then group by group; then all groups at once by small random steps. Agreement falls and cost falls as settings
 * get coarser, so that a ladder is left where it fails first.
 */
import type {InputThreshold} from '../region';
import type {CalibrationStage} from './types';

export interface Settings {
  readonly gate: InputThreshold;
  /** Thresholds relative to the RMS of each node's loudest channel, by node; a node that is left out is exact. */
  readonly relative: ReadonlyMap<string, number>;
}

export interface Score {
  readonly agreement: number;
  /** Share of a dense frame's multiply-adds. */
  readonly cost: number;
}

export interface Found extends Score {
  readonly settings: Settings;
}

export interface Space {
  /** Gates from the finest to the coarsest, one ladder for each kind. */
  readonly gates: readonly (readonly InputThreshold[])[];
  /** Nodes, front to back, in the groups that are adjusted together. */
  readonly groups: readonly (readonly string[])[];
  readonly atLeast: number;
}

/** @param left how many more may follow, at most */
export type Trial = (stage: CalibrationStage, settings: Settings, left: number) => Promise<Score>;

/** Shares of the RMS, for the last group. */
const LADDER = [0.005, 0.01, 0.02, 0.03, 0.045, 0.07, 0.1, 0.2];
/**
 * How much finer the first group's threshold is. What the front layers lose, all later ones build on, and they take few
 * of the multiply-adds.
 */
const RISE = 10;
/** What a group starts from that the common threshold has left exact. */
const FIRST = 0.02;
/** A coarser threshold pays where it saves at least this share of the cost, and one that saves less than this is idle. */
const PAYS = 0.005;
const IDLE = 0.001;
/**
 * Gates that common thresholds are tried on: these quantiles of those that hold, by cost, and none at all. For each, the one
 * that agrees most of those that cost little more.
 */
const BASES = [0, 1 / 3, 2 / 3];
const LITTLE_MORE = 1.05;
/** Each of these goes on where the one before it failed. */
const COMMON = LADDER.length + BASES.length;
/** Beyond the RMS itself, a layer would be deaf. */
const MOST = 1;
const TRIALS_A_GROUP = 3;
/** Random steps from the best: how many, their first and least width in octaves, and how success and failure change it. */
const STEPS = 48;
const FIRST_WIDTH = 1;
const LEAST_WIDTH = 0.2;
const WIDER = 1.3;
const NARROWER = 0.92;
/** By how many octaves they tend upwards: what is not coarser at all saves nothing. */
const UPWARDS = 0.1;

export const EXACT: Settings = {gate: 0, relative: new Map()};

export function isExact({gate, relative}: Settings): boolean {
  return gate === 0 && relative.size === 0;
}

/** Trials that a search of so many gates and groups takes at most. */
export function mostTrials(gates: number, groups: number): number {
  return 1 + gates + (groups > 0 ? COMMON + TRIALS_A_GROUP * groups + STEPS : 0);
}

class Search {
  readonly found: Found[] = [];
  private left: number;

  constructor(
    private readonly space: Space,
    private readonly trial: Trial,
  ) {
    this.left = mostTrials(space.gates.flat().length, space.groups.length);
  }

  /** What was tried first. */
  get exact(): Found {
    return this.found[0];
  }

  get best(): Found {
    return this.found.reduce((best, one) => (one.cost < best.cost ? one : best));
  }

  /** @returns null where the agreement does not hold */
  async try(stage: CalibrationStage, settings: Settings): Promise<Found | null> {
    const score = await this.trial(stage, settings, --this.left);
    if (!(score.agreement >= this.space.atLeast)) return null;
    const found = {...score, settings};
    this.found.push(found);
    return found;
  }

  /** Tries settings from the finest on, until one does not hold; returns how many do. */
  async climb(stage: CalibrationStage, ladder: readonly Settings[]): Promise<number> {
    for (const [i, settings] of ladder.entries()) if (!(await this.try(stage, settings))) return i;
    return ladder.length;
  }

  skip(count: number): void {
    this.left -= count;
  }
}

/**
 * What holds: the settings chosen, then finer ones for when these do not hold elsewhere, and at last the exact ones.
 * @returns an empty list where not even that holds
 */
export async function search(space: Space, trial: Trial): Promise<Found[]> {
  const all = new Search(space, trial);
  if (!(await all.try('gate', EXACT))) return [];
  for (const ladder of space.gates) {
    const settings = ladder.map((gate) => ({gate, relative: new Map<string, number>()}));
    const held = await all.climb('gate', settings);
    all.skip(Math.max(0, ladder.length - 1 - held));
  }
  if (space.groups.length > 0) await tryCommon(all, space);
  const chosen = await refine(all, space, await adjustGroups(all, space));
  const {exact} = all;
  if (chosen.cost >= exact.cost) return [exact];
  const finer = all.found.filter((one) => one !== exact && one.cost > chosen.cost && one.cost < exact.cost);
  return [chosen, ...finer.sort((a, b) => a.cost - b.cost), exact];
}

/**
 * The gate that saves most may have used up all that agreement allows; so thresholds are tried on finer ones as well. With
 * the same thresholds these cost more, so that each only goes on from where the one before it failed.
 */
async function tryCommon(all: Search, {groups}: Space): Promise<void> {
  const gates = [...all.found].sort((a, b) => a.cost - b.cost);
  const chosen = BASES.map((share) => roomiest(gates, gates[Math.floor(gates.length * share)].cost));
  const bases = new Set([...chosen, EXACT.gate]);
  let [held, tried] = [0, 0];
  for (const gate of bases) {
    const settings = LADDER.slice(held).map((share) => ({
      gate,
      relative: rising(groups, share),
    }));
    const more = await all.climb('thresholds', settings);
    tried += Math.min(more + 1, settings.length);
    held += more;
  }
  all.skip(COMMON - tried);
}

/** The gate that leaves most of the agreement to thresholds, of those that cost little more than this. */
function roomiest(gates: readonly Found[], cost: number): InputThreshold {
  const near = gates.filter((one) => one.cost <= cost * LITTLE_MORE);
  return near.reduce((most, one) => (one.agreement > most.agreement ? one : most)).settings.gate;
}

/** Thresholds that rise evenly, as factors, to `share` in the last group. */
function rising(groups: Space['groups'], share: number): Map<string, number> {
  const steps = Math.max(1, groups.length - 1);
  return new Map(
    groups.flatMap((group, i) =>
      group.map((name) => [name, share * RISE ** ((i - groups.length + 1) / steps)] as const),
    ),
  );
}

/** Leaves a threshold where it pays, and raises it where that pays. */
async function adjustGroups(all: Search, {groups}: Space): Promise<Found> {
  let current = all.best;
  for (const group of groups) {
    let tried = 0;
    const attempt = (share: number) => {
      tried++;
      return all.try('nodes', withShare(current.settings, group, share));
    };
    const common = current.settings.relative.get(group[0]) ?? 0;
    const exact = common > 0 ? await attempt(0) : null;
    if (exact && exact.cost <= current.cost * (1 + IDLE)) current = exact;
    else {
      for (const share of sharesAbove(common)) {
        const raised = await attempt(share);
        if (raised === null || raised.cost > current.cost * (1 - PAYS)) break;
        current = raised;
      }
    }
    all.skip(TRIALS_A_GROUP - tried);
  }
  return current;
}

/** What one group saves depends on the others, and how far outputs agree is not smooth: here all groups move at once. */
async function refine(all: Search, {groups}: Space, start: Found): Promise<Found> {
  let current = start;
  if (current.settings.relative.size === 0) {
    all.skip(STEPS);
    return current;
  }
  const random = generator();
  let width = FIRST_WIDTH;
  for (let i = 0; i < STEPS; i++) {
    const moved = await all.try('refinement', stepFrom(current.settings, groups, width, random));
    const isBetter = moved !== null && moved.cost < current.cost * (1 - PAYS);
    if (isBetter) current = moved;
    width = Math.max(LEAST_WIDTH, width * (isBetter ? WIDER : NARROWER));
  }
  return current;
}

function stepFrom(
  {gate, relative}: Settings,
  groups: Space['groups'],
  width: number,
  random: () => number,
): Settings {
  const moved = new Map<string, number>();
  for (const group of groups) {
    const factor = 2 ** (width * (2 * random() - 1) + UPWARDS);
    for (const name of group) {
      const share = relative.get(name);
      if (share !== undefined) moved.set(name, Math.min(MOST, share * factor));
    }
  }
  return {gate, relative: moved};
}

/** Numbers from 0 to 1, the same at every call: a calibration can be repeated. */
function generator(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function sharesAbove(common: number): number[] {
  if (common === 0) return [FIRST, 2 * FIRST];
  return [2 * common, 4 * common].filter((share) => share <= MOST);
}

function withShare({gate, relative}: Settings, group: readonly string[], share: number): Settings {
  const others = [...relative].filter(([name]) => !group.includes(name));
  return {
    gate,
    relative: new Map(share > 0 ? [...others, ...group.map((name) => [name, share] as const)] : others),
  };
}
