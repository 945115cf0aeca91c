/** The command line: its options, their defaults, and what is refused of them. It runs nothing. */
import {existsSync, statSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {Command, InvalidArgumentError, Option} from 'commander';
import {findGame, GAMES, type Game} from '../examples/atari/games';
import {findNetwork, networkName, NETWORKS, type Network} from './networks';
import type {Settings} from './results';

/** What is compared with beside tfjs's wasm backend, which is always there. */
export const BASELINES = ['tensorflow', 'onnx', 'cpu'] as const;
export type Baseline = (typeof BASELINES)[number];

export const PARTS = ['networks', 'unchanged', 'kernels'] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  readonly settings: Settings;
  readonly games: readonly Game[];
  readonly networks: readonly Network[];
  readonly parts: readonly Part[];
  readonly baselines: readonly Baseline[];
  /** Whether the baselines were asked for, and have to be there. */
  readonly baselinesNamed: boolean;
  readonly json: string;
}

const ENGINES = ['auto', 'tfjs', 'wasm'] as const;
export const DEFAULT_JSON = 'bench/results/latest.json';

/** Shorter than `full` in everything: whether it runs, and about how fast. */
const QUICK = {
  frames: 24,
  rounds: 1,
  sample: 4,
  games: ['Breakout', 'Pong'],
  networks: [NETWORKS[0]],
} as const;
const FULL = {frames: 100, rounds: 3, sample: 24, games: GAMES, networks: NETWORKS} as const;

type Given = Partial<Omit<Options, 'settings' | 'baselinesNamed'> & Settings> & {readonly quick?: boolean};

/** @throws (or, by commander's default, exits with code 1) where an option is unknown or out of range */
export function readOptions(argv: readonly string[], command = new Command()): Options {
  const networks = NETWORKS.map(networkName).join(', ');
  command
    .name('bench')
    .description('Measures reuse side by side with the models as they are, on recordings of Atari games.')
    .option('--games <names>', 'games, separated by commas (default: all 24)', list('game', findGame, GAMES))
    .option('--networks <names>', `of ${networks} (default: all)`, list('network', findNetwork, networks))
    .option('--frames <count>', 'screens of each game (default: 100)', count(8, 3000))
    .option('--rounds <count>', 'how often they are run (default: 3)', count(1, 20))
    .option('--sample <count>', 'frames of a side that takes as long for any (default: 24)', count(1, 3000))
    .option(
      '--baselines <names>',
      'of tensorflow, onnx, cpu (default: tensorflow, onnx, if installed)',
      oneOf(BASELINES),
    )
    .option('--parts <names>', 'of networks, unchanged, kernels (default: all)', oneOf(PARTS))
    .addOption(new Option('--engine <name>', 'engine of reuse').choices(ENGINES).default('auto'))
    .option('--threads <count>', 'of reuse (default: 1)', count(1, 64))
    .option('--quick', 'two games, one network, few frames, and no kernels alone')
    .option('--json <file>', `where the figures go (default: ${DEFAULT_JSON})`, readOutput)
    .allowExcessArguments(false)
    .parse(argv, {from: 'user'});
  const {
    quick,
    engine = 'auto',
    threads = 1,
    baselines,
    parts,
    json = DEFAULT_JSON,
    ...given
  } = command.opts<Given>();
  const {games, networks: chosen, ...counts} = {...(quick ? QUICK : FULL), ...given};
  return {
    settings: {engine, threads, frames: counts.frames, rounds: counts.rounds, sample: counts.sample},
    games,
    networks: chosen,
    parts: parts ?? (quick ? ['networks', 'unchanged'] : PARTS),
    baselines: baselines ?? ['tensorflow', 'onnx'],
    baselinesNamed: baselines !== undefined,
    json,
  };
}

/** Reads names by commas; each once. */
export function list<T>(
  what: string,
  find: (name: string) => T | undefined,
  known: string | readonly string[],
) {
  return (text: string): T[] => {
    const names = text.split(',').map((name) => name.trim());
    const unknown = names.find((name) => find(name) === undefined);
    if (unknown === undefined) return [...new Set(names.map((name) => find(name)!))];
    throw new InvalidArgumentError(
      `There is no ${what} '${unknown}'. There are: ${[known].flat().join(', ')}.`,
    );
  };
}

function oneOf<T extends string>(names: readonly T[]) {
  return list('such thing as', (name) => names.find((known) => known === name), names);
}

function count(least: number, most: number) {
  return (text: string): number => {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** Refused before the run, not after it. */
export function readOutput(path: string): string {
  if (existsSync(path) && statSync(path).isDirectory()) throw new InvalidArgumentError('That is a folder.');
  if (existsSync(dirname(resolve(path)))) return path;
  throw new InvalidArgumentError(`There is no folder ${dirname(resolve(path))}.`);
}
