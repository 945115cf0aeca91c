/** One film, all sides: they take turns over it, in another order each round, and every result is held against the model's own. */
import {mean, median} from '../../examples/atari/figures';
import {frameTime, type Rounds} from '../measure/statistics';
import {rotated} from '../turn';
import type {FilmResult, SettingResult, TaskResult} from './results';
import {
  modelSide,
  POLICIES,
  reuseSide,
  SETTINGS,
  type Prediction,
  type Setting,
  type Side,
  type SideId,
} from './sides';
import type {Task} from './task';

/** Frames before any count: the model's are compiled; reuse tries out who is faster, and settles. */
const WARM_UP = 12;
/** The model's own time does not depend on what a frame shows. */
const SAMPLE = 16;
/** A frame that is given again. */
const REPEATS = 30;

type Frames = readonly Float32Array[];
type Measured = Omit<FilmResult, 'film' | 'bytesPerFrame'>;

interface Log {
  readonly side: Side;
  readonly times: number[][];
  last: readonly Prediction[];
}

/**
 * @param frames three or more: the first follows no other, and does not count
 * @throws Mismatch where an exact result is not the model's own
 */
export async function measureFilm(
  task: Task,
  frames: Frames,
  rounds: number,
  where: string,
  onTurn?: () => void,
): Promise<Measured> {
  const model = modelSide(task);
  const own = await model.play(frames);
  const sides = [
    model,
    ...SETTINGS.flatMap((setting) => POLICIES.map((policy) => reuseSide(task, setting, policy))),
  ];
  const logs = sides.map((side): Log => ({side, times: [], last: []}));
  try {
    for (const side of sides) await side.play(frames.slice(0, WARM_UP));
    for (let round = 0; round < rounds; round++) {
      for (const log of rotated(logs, round)) {
        await takeTurn(log, frames);
        if (log.side.id.startsWith('exact')) check(task, log, own, frames, where);
        onTurn?.();
      }
    }
  } finally {
    sides.forEach((side) => side.dispose());
  }
  const timesOf = (id: SideId): Rounds => logs.find(({side}) => side.id === id)!.times;
  const results = own.map(({outputs}) => outputs);
  const agreement = task.agreement(results);
  return {
    modelMs: frameTime(timesOf('model'), 'sampled'),
    steadiness: mean(results.slice(1).map((outputs, i) => agreement(results[i], outputs))),
    exact: settingOf('exact', logs, results, agreement),
    gated: settingOf('gated', logs, results, agreement),
  };
}

async function takeTurn(log: Log, frames: Frames): Promise<void> {
  const mine = log.side.id === 'model' ? frames.slice(0, SAMPLE + 1) : frames;
  log.last = await log.side.play(mine);
  log.times.push(log.last.slice(1).map(({ms}) => ms));
}

function check(
  task: Task,
  {side, last}: Log,
  own: readonly Prediction[],
  frames: Frames,
  where: string,
): void {
  last.forEach(({outputs}, t) =>
    task.check(outputs, own[t].outputs, frames[t], `${where}, ${side.id}, frame ${t}`),
  );
}

function settingOf(
  setting: Setting,
  logs: readonly Log[],
  own: readonly Frames[],
  agreement: ReturnType<Task['agreement']>,
): SettingResult {
  const [incremental, auto] = POLICIES.map((policy) =>
    logs.find(({side}) => side.id === `${setting}, ${policy}`)!,
  );
  const counted = incremental.last.slice(1);
  const reports = counted.map(({report}) => report!);
  return {
    changed: mean(reports.map(({changed}) => changed!)),
    computed: mean(reports.map(({macs, denseMacs}) => macs / denseMacs)),
    incrementalMs: frameTime(incremental.times, 'steady'),
    autoMs: frameTime(auto.times, 'adaptive'),
    agreement: mean(counted.map(({outputs}, i) => agreement(outputs, own[i + 1]))),
    difference: Math.max(...counted.map(({outputs}, i) => differenceOf(outputs, own[i + 1]))),
  };
}

function differenceOf(outputs: Frames, own: Frames): number {
  return Math.max(
    ...outputs.map((values, i) => {
      const [most, distance] = [own[i], own[i].map((value, k) => value - values[k])].map((list) =>
        list.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
      );
      return distance / most;
    }),
  );
}

/** The time of a frame that is the one before, as it is read where nobody waits for a new one. */
export async function measureRepeat(task: Task, frame: Float32Array): Promise<TaskResult['repeat']> {
  const [model, reuse] = [modelSide(task), reuseSide(task, 'exact', 'incremental')];
  try {
    const frames = Array.from({length: REPEATS + WARM_UP}, () => frame);
    const times = async (side: Side) => (await side.play(frames)).slice(WARM_UP).map(({ms}) => ms);
    return {modelMs: median(await times(model)), reuseMs: median(await times(reuse))};
  } finally {
    reuse.dispose();
  }
}
