/** The command line: its options, their defaults, and what is refused of them and how. It runs nothing. */
import {Command, Option} from 'commander';
import {BACKENDS, type Backend} from '../atari/backend';
import {GAMES, type Game} from '../atari/games';
import {
  MOST_STEPS,
  option,
  perBackend,
  readDownsample,
  readFilters,
  readFolder,
  readGames,
  readOutput,
  readWhole,
} from '../atari/options';
import type {Downsample} from '../atari/preprocess';
import {PARTS, type Part, type Paths, type Settings} from './settings';

/** Frames of an episode that the dense sides run. In plain tfjs a frame takes a second and more on cpu. */
const SAMPLE: Readonly<Record<Backend, {engine: number; plain: number}>> = {
  cpu: {engine: 20, plain: 3},
  wasm: {engine: 20, plain: 20},
  tensorflow: {engine: 20, plain: 20},
};

/** The live game itself is not up to the command line. Its network is a smaller one where plain tfjs is slow. */
const LIVE = {plane: {height: 24, width: 24}, games: 8, steps: 60, filters: [8, 16]} as const;
const SMALL = {...LIVE, filters: [2, 4]} as const;

/** Updates of the live game that are made without reuse too: what takes a minute or so. */
const DENSE_UPDATES: Readonly<Record<Backend, number>> = {cpu: 20, wasm: 60, tensorflow: 60};

interface Values extends Paths {
  readonly part: Part;
  readonly games: readonly Game[];
  readonly filters: readonly [number, number];
  readonly downsample: Downsample;
  readonly steps: number;
  readonly updates: number;
  readonly liveUpdates: number;
  readonly denseUpdates?: number;
  readonly seed: number;
  readonly backend: Backend;
}

/** @throws (or, by commander's default, exits with code 1) where an option is unknown or out of range */
export function readOptions(
  argv: readonly string[],
  command = new Command(),
): {settings: Settings; paths: Paths} {
  command
    .name('reinforce')
    .description(
      'Trains policies by REINFORCE with episodes of recorded frames, with reuse and without: the network of ' +
        'arXiv 1909.05632 on recordings of Atari games, and a small game that is played live.',
    )
    .addOption(new Option('--part <name>', 'what to run').choices(PARTS).default('both'))
    .addOption(option('--games <names>', 'recorded games, separated by commas', readGames, GAMES, 'all 24'))
    .addOption(option('--filters <a/b>', 'filters of the two convolutions', readFilters, [20, 40], '20/40'))
    .addOption(option('--downsample <n>', 'every n-th row and column: 2 or 4', readDownsample, 4))
    .addOption(option('--steps <count>', 'frames of an episode', readWhole(2, MOST_STEPS), 300))
    .addOption(option('--updates <count>', 'episodes of each recorded game', readWhole(1, MOST_STEPS / 2), 2))
    .addOption(option('--live-updates <count>', 'updates of the live game', readWhole(1, 10_000), 60))
    .option(
      '--dense-updates <count>',
      `those of them that are made without reuse too (default: ${perBackend(DENSE_UPDATES)})`,
      readWhole(1, 10_000),
    )
    .addOption(option('--seed <number>', 'of the live game and of made-up rewards', readWhole(0, 2 ** 31), 1))
    .addOption(new Option('--backend <name>', 'backend of tfjs').choices(BACKENDS).default('wasm'))
    .option('--data <dir>', 'folder of the original recordings, NAME.rec.gz', readFolder)
    .option('--json <file>', 'write all figures as JSON', readOutput)
    .option('--report <file>', 'write tables and charts as HTML', readOutput)
    .allowExcessArguments(false)
    .parse(argv, {from: 'user'});
  const values = command.opts<Values>();
  const {steps, updates, data, json, report} = values;
  if (steps * updates > MOST_STEPS) {
    const most = `a recording has ${MOST_STEPS} screens, fewer than ${updates} episodes of ${steps}`;
    command.error(`error: --steps and --updates do not go together: ${most}.`);
  }
  return {settings: settingsOf(values), paths: {data, json, report}};
}

function settingsOf(values: Values): Settings {
  const {part, games, filters, downsample, steps, updates, liveUpdates, seed, backend} = values;
  const denseUpdates = values.denseUpdates ?? DENSE_UPDATES[backend];
  return {
    part,
    backend,
    games,
    recorded: {filters, downsample, steps, updates, seed, sample: SAMPLE[backend]},
    live: {
      ...(backend === 'cpu' ? SMALL : LIVE),
      seed,
      updates: liveUpdates,
      denseUpdates: Math.min(liveUpdates, denseUpdates),
    },
  };
}
