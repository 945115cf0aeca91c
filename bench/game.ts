/**
 * One network on one game: all sides take turns over the same stretches of frames, each in another order, several rounds.
 * Every result is compared with the model's own. It measures; what the figures mean is summary.ts's affair.
 */
import type {Game} from '../examples/atari/games';
import type {NetworkSize} from '../examples/atari/network';
import {WARM_UP} from '../examples/atari/turns';
import {Checker} from './check';
import {readRecording, readStretches, sizeOf, workOf, type Frames} from './frames';
import {addCosts, type Cost} from './measure/cost';
import type {EnergyMeter} from './measure/energy';
import {frameTime, roundMeans} from './measure/statistics';
import type {Network} from './networks';
import type {GameResult, Settings, SideResult} from './results';
import {openContest, type Contest, type Field, type Side, type SideId} from './sides';
import {predictAll, rotated, takeTurn} from './turn';

/** What a run has at hand for every game. */
export interface Equipment {
  readonly field: Field;
  readonly energy: EnergyMeter | null;
  readonly settings: Settings;
}

export async function measureGame(
  network: Network,
  game: Game,
  {field, energy, settings}: Equipment,
  onFrames: (count: number) => void,
): Promise<GameResult> {
  const recording = readRecording(game);
  const size = sizeOf(recording, network);
  const all = readStretches(recording, network, settings.frames);
  const contest = await openContest(size, field, settings.engine);
  try {
    const checker = await openChecker(contest, size, all, game);
    await warmUp(contest.sides, size, all[0]);
    const logs = await runRounds({contest, size, all, checker, energy, settings}, onFrames);
    return {game, ...workOf(all, size), sides: Object.fromEntries(logs.map(figuresOf))};
  } finally {
    await contest.dispose();
  }
}

async function openChecker(
  {reference, model}: Contest,
  size: NetworkSize,
  all: readonly Frames[],
  game: Game,
): Promise<Checker> {
  const expected: Float32Array[][] = [];
  for (const frames of all) expected.push(await predictAll(reference, size, frames));
  return new Checker(game, model, size, all, expected);
}

async function warmUp(sides: readonly Side[], size: NetworkSize, frames: Frames): Promise<void> {
  for (const side of sides) {
    await predictAll(side, size, frames.slice(0, side.kind === 'sampled' ? WARM_UP.dense : WARM_UP.reuse));
  }
}

interface Rounds {
  readonly contest: Contest;
  readonly size: NetworkSize;
  readonly all: readonly Frames[];
  readonly checker: Checker;
  readonly energy: EnergyMeter | null;
  readonly settings: Settings;
}

/** What a side did in all its turns. */
interface Log {
  readonly side: Side;
  /** Times of the frames that count, a list for each round. */
  readonly times: number[][];
  readonly costs: Cost[];
}

async function runRounds(
  {contest, size, all, checker, energy, settings}: Rounds,
  onFrames: (count: number) => void,
): Promise<Log[]> {
  const logs: Log[] = contest.sides.map((side) => ({side, times: [], costs: []}));
  const sampled = Math.ceil(settings.sample / (settings.rounds * all.length));
  for (let round = 0, turn = 0; round < settings.rounds; round++) {
    logs.forEach(({times}) => times.push([]));
    for (const [stretch, frames] of all.entries()) {
      for (const {side, times, costs} of rotated(logs, turn++)) {
        const mine = side.kind === 'sampled' ? frames.slice(0, sampled + 1) : frames;
        const {outputs, cost} = await takeTurn(side, size, mine, energy);
        outputs.forEach(({values}, frame) => checker.check(side, stretch, frame, values));
        times[round].push(...outputs.slice(1).map(({ms}) => ms));
        costs.push(cost);
      }
      onFrames(frames.length);
    }
  }
  return logs;
}

function figuresOf({side, times, costs}: Log): [SideId, SideResult] {
  const {cpuMs, joules} = addCosts(costs);
  const frames = times.flat().length;
  return [
    side.id,
    {
      ms: frameTime(times, side.kind),
      rounds: roundMeans(times),
      cpuMs: cpuMs / frames,
      joules: joules === null ? null : joules / frames,
    },
  ];
}
