/**
 * The command: a game and a screencast through video codecs, and what reuse still finds to reuse. Needs ffmpeg; for the
 * screencast `npm run models` and Chromium, too. `npm run bench:films -- --help` lists the options.
 */
import {ready, setThreads} from '../../src';
import {useBackend} from '../../examples/atari/backend';
import {showProgress, type Progress} from '../../examples/atari/progress';
import {areModelsInstalled} from '../../examples/camera/load-model';
import type {Picture} from '../../examples/camera/pictures';
import {readRecording} from '../frames';
import {writeJson} from '../json';
import {describeMachine} from '../machine';
import {findNetwork} from '../networks';
import {titleOf, type CodecName, type FilmName} from './codecs';
import {expectEncoders, ffmpegVersion, throughCodec} from './encode';
import {measureFilm, measureRepeat} from './measure';
import {GAME_FILMS, readFilmsOptions, SCREEN_FILMS, type FilmsOptions, type TaskName} from './options';
import {screensOf} from './pong';
import type {FilmResult, FilmsResults, TaskResult} from './results';
import {screencast} from './screencast';
import {POLICIES, SETTINGS} from './sides';
import {gameTask, poseTask, type Task} from './task';

/** A recording, and the films that it is made into. */
interface Recorded {
  readonly shows: string;
  readonly pictures: readonly Picture[];
  readonly films: readonly FilmName[];
  readonly rate: number;
  readonly scale: number;
  task(name: TaskName): Task | Promise<Task>;
}

function pong({films, frames}: FilmsOptions): Recorded {
  const recording = readRecording('Pong');
  const pictures = screensOf(recording, frames);
  return {
    shows: 'Pong',
    pictures,
    films: GAME_FILMS.filter((film) => films.includes(film)),
    rate: 30,
    scale: 4,
    task: (name) => gameTask(findNetwork(name)!, pictures[0], recording.header.actionCount),
  };
}

async function screen({films, frames}: FilmsOptions): Promise<Recorded> {
  const progress = showProgress(frames);
  progress.game?.('screens');
  const pictures = await screencast(frames, () => progress.frame?.());
  progress.done?.(`${frames} screens drawn`);
  progress.stop?.();
  return {
    shows: 'a screencast',
    pictures,
    films: SCREEN_FILMS.filter((film) => films.includes(film)),
    rate: 10,
    scale: 1,
    task: poseTask,
  };
}

/** The pictures that a film leaves of those it was made of. */
function filmed(
  {shows, pictures, rate, scale}: Recorded,
  film: FilmName,
): {pictures: readonly Picture[]; bytesPerFrame: number | null} {
  if (film === 'raw') return {pictures, bytesPerFrame: null};
  const name = shows.replace(/\W/g, '-');
  const codec: CodecName = film;
  return throughCodec({name, codec, pictures, rate, scale});
}

async function measureTasks(
  recorded: Recorded,
  names: readonly TaskName[],
  {rounds}: FilmsOptions,
): Promise<TaskResult[]> {
  const tasks: Task[] = [];
  for (const name of names) tasks.push(await recorded.task(name));
  const results = tasks.map((): FilmResult[] => []);
  const turns = 1 + SETTINGS.length * POLICIES.length;
  const progress = showProgress(recorded.films.length * tasks.length * rounds * turns);
  for (const film of recorded.films) {
    progress.game?.(`${recorded.shows}, ${titleOf(film)}: made into a film`);
    const {pictures, bytesPerFrame} = filmed(recorded, film);
    for (const [i, task] of tasks.entries()) {
      const where = `${recorded.shows}, ${titleOf(film)}, ${task.network}`;
      progress.game?.(where);
      const frames = pictures.map((picture) => task.encode(picture));
      const measured = await measureFilm(task, frames, rounds, where, () => progress.frame?.());
      results[i].push({film, bytesPerFrame, ...measured});
      report(progress, where, results[i].at(-1)!);
    }
  }
  progress.stop?.();
  const done: TaskResult[] = [];
  for (const [i, task] of tasks.entries()) {
    done.push(await resultOf(task, recorded, results[i]));
    task.model.dispose();
  }
  return done;
}

async function resultOf(
  task: Task,
  {shows, pictures}: Recorded,
  films: readonly FilmResult[],
): Promise<TaskResult> {
  const {network, measure, gate} = task;
  const repeat = await measureRepeat(task, task.encode(pictures[0]));
  return {network, shows, measure, frames: pictures.length, gate, repeat, films};
}

function report(progress: Progress, where: string, {modelMs, exact, gated}: FilmResult): void {
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  const side = ({changed, computed, autoMs, agreement}: FilmResult['exact']) =>
    `${share(changed)} changes, ${share(computed)} computed, auto ${autoMs.toFixed(2)} ms, agreement ${agreement.toFixed(3)}`;
  const line = `${where}: model ${modelMs.toFixed(2)} ms; exact ${side(exact)}; gate ${side(gated)}`;
  progress.done?.(line);
}

/** All that may be missing is found to be so before anything is measured. */
async function recordings(
  options: FilmsOptions,
): Promise<(readonly [recorded: Recorded, tasks: readonly TaskName[]])[]> {
  const onGame = options.tasks.filter((name) => name !== 'PoseNet');
  const found: [Recorded, readonly TaskName[]][] = [];
  if (onGame.length > 0) found.push([pong(options), onGame]);
  if (options.tasks.includes('PoseNet')) {
    if (!areModelsInstalled()) throw new Error('The models are not installed. Install them: npm run models');
    found.push([await screen(options), ['PoseNet']]);
  }
  expectEncoders(found.flatMap(([{films}]) => films.filter((film) => film !== 'raw')));
  return found;
}

async function main(): Promise<void> {
  const options = readFilmsOptions(process.argv.slice(2));
  const {rounds, frames, json} = options;
  await useBackend('wasm');
  // Figures are of one thread: so are most of those that they stand beside.
  await setThreads(1);
  await ready();
  console.log(
    `${frames} frames of each film; the model itself, and reuse with both policies, exactly and with a gate, in ${rounds} rounds`,
  );
  const tasks: TaskResult[] = [];
  const results: FilmsResults = {
    machine: describeMachine(null, ''),
    ffmpeg: ffmpegVersion(),
    rounds,
    tasks,
  };
  for (const [recorded, own] of await recordings(options)) {
    tasks.push(...(await measureTasks(recorded, own, options)));
    writeJson(json, results);
  }
  console.log(`Written to ${json}`);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
