/**
 * The command line: its options, their defaults, and what is refused of them and how. It runs nothing. What reads an
 * option's text is exported, for commands that have the same option.
 */
import {existsSync, statSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {Command, InvalidArgumentError, Option} from 'commander';
import {BACKENDS, type Backend} from './backend';
import {findGame, GAMES, type Game} from './games';
import type {Downsample} from './preprocess';
import type {Paths, Settings} from './settings';

const ENGINES = ['auto', 'tfjs', 'wasm'] as const;
const POLICIES = ['auto', 'incremental', 'dense'] as const;

/** Screens in a recording. */
export const MOST_STEPS = 3000;

/** What takes about ten seconds for all games on two cores; on cpu, which needs 20 times as long for a frame, under a minute. */
const DEFAULT_STEPS: Readonly<Record<Backend, number>> = {cpu: 16, wasm: 100, tensorflow: 100};

/** The widest layers that are let through: a dense head over more would not fit in memory. */
const MOST_FILTERS = 1024;

export function readGames(text: string): readonly Game[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !findGame(name));
  if (unknown.length > 0) {
    const list = unknown.map((name) => `'${name}'`).join(', ');
    throw new InvalidArgumentError(`There is no recording of ${list}. There are: ${GAMES.join(', ')}.`);
  }
  return [...new Set(names.map((name) => findGame(name)!))];
}

export function readFilters(text: string): readonly [number, number] {
  const [, ...parts] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const [first, second] = parts.map(Number);
  const fits = (count: number) => count >= 1 && count <= MOST_FILTERS;
  if (fits(first) && fits(second)) return [first, second];
  throw new InvalidArgumentError(
    `Give the filters of both convolutions, 1 to ${MOST_FILTERS} each: 20/40, 40/80 or 80/160 in the paper.`,
  );
}

export function readDownsample(text: string): Downsample {
  if (text === '2' || text === '4') return Number(text) as Downsample;
  throw new InvalidArgumentError('Give 2 or 4: every 2nd, or every 4th row and column.');
}

export function readWhole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

export function readFolder(path: string): string {
  if (existsSync(path) && statSync(path).isDirectory()) return path;
  throw new InvalidArgumentError('There is no such folder.');
}

/** Refused before the run, not after it. */
export function readOutput(path: string): string {
  if (existsSync(path) && statSync(path).isDirectory()) throw new InvalidArgumentError('That is a folder.');
  if (existsSync(dirname(resolve(path)))) return path;
  throw new InvalidArgumentError(`There is no folder ${dirname(resolve(path))}.`);
}

/** @throws (or, by commander's default, exits with code 1) where an option is unknown or out of range */
export function readOptions(
  argv: readonly string[],
  command = new Command(),
): {settings: Settings; paths: Paths} {
  command
    .name('atari')
    .description(
      'Plays recordings of Atari games through the network of arXiv 1909.05632, with reuse and without, checks every ' +
        'result, and says how much faster reuse is.',
    )
    .addOption(option('--games <names>', 'games, separated by commas', readGames, GAMES, 'all 24'))
    .addOption(option('--filters <a/b>', 'filters of the two convolutions', readFilters, [20, 40], '20/40'))
    .addOption(option('--downsample <n>', 'every n-th row and column: 2 or 4', readDownsample, 4))
    .option(
      '--steps <count>',
      `screens of each game, 2 to ${MOST_STEPS} (default: ${perBackend(DEFAULT_STEPS)})`,
      readWhole(2, MOST_STEPS),
    )
    .addOption(
      new Option('--backend <name>', 'tfjs backend that reuse is compared with')
        .choices(BACKENDS)
        .default('wasm'),
    )
    .addOption(new Option('--engine <name>', 'engine of reuse').choices(ENGINES).default('auto'))
    .addOption(new Option('--policy <name>', 'who computes a frame').choices(POLICIES).default('auto'))
    .option('--data <dir>', 'folder of the original recordings, NAME.rec.gz', readFolder)
    .option('--json <file>', 'write all figures as JSON', readOutput)
    .option('--report <file>', 'write the table and charts as HTML', readOutput)
    .allowExcessArguments(false)
    .parse(argv, {from: 'user'});
  const {data, json, report, steps, ...rest} = command.opts<
    Omit<Settings, 'steps'> & Paths & {steps?: number}
  >();
  return {settings: {...rest, steps: steps ?? DEFAULT_STEPS[rest.backend]}, paths: {data, json, report}};
}

export function option<T>(
  flags: string,
  text: string,
  read: (value: string) => T,
  value: T,
  shown?: string,
): Option {
  return new Option(flags, text).argParser(read).default(value, shown);
}

export function perBackend(counts: Readonly<Record<Backend, number>>): string {
  const of = Object.entries(counts).map(([backend, count]) => `${count} on ${backend}`);
  return of.join(', ');
}
