/**
 * The command: measures what training takes, on one episode of each recorded game, and writes JSON. It is the recorded
 * part of `npm run reinforce`, over several networks. `npm run bench:training -- --help` lists the options.
 */
import {ready, setThreads} from '../../src';
import {useBackend} from '../../examples/atari/backend';
import {showProgress} from '../../examples/atari/progress';
import {tableOf} from '../../examples/atari/table';
import {columnsFor} from '../../examples/reinforce/recorded/columns';
import {compareGame} from '../../examples/reinforce/recorded/compare';
import {overall, type GameFigures} from '../../examples/reinforce/recorded/figures';
import {readRecording} from '../frames';
import {writeJson} from '../json';
import {describeMachine} from '../machine';
import {networkName, type Network} from '../networks';
import {readTrainingOptions, type TrainingOptions} from './options';
import type {TrainedNetwork, TrainingResults} from './results';

/** Frames of an episode that each dense side runs. */
const SAMPLE = {engine: 20, plain: 20};

function measureNetwork({downsample, filters}: Network, {games, steps}: TrainingOptions): TrainedNetwork {
  const settings = {downsample, filters, steps, updates: 1, seed: 1, sample: SAMPLE};
  const progress = showProgress(games.length * steps);
  const measured: GameFigures[] = [];
  try {
    for (const game of games) {
      progress.game?.(game);
      const figures = compareGame(game, readRecording(game), settings, () => progress.frame?.());
      measured.push(figures);
      progress.done?.(`${game}: ${figures.speedUp.toFixed(1)} times as fast`);
    }
  } finally {
    progress.stop?.();
  }
  return {downsample, filters, games: measured, overall: overall(measured)};
}

async function main(): Promise<void> {
  const options = readTrainingOptions(process.argv.slice(2));
  const {backend, steps, json} = options;
  await useBackend(backend);
  // Figures are of one thread: so are most of those that they stand beside.
  await setThreads(1);
  await ready();
  const networks: TrainedNetwork[] = [];
  const results: TrainingResults = {machine: describeMachine(null, ''), backend, steps, networks};
  for (const network of options.networks) {
    networks.push(measureNetwork(network, options));
    const {games, overall: mean} = networks.at(-1)!;
    console.log([networkName(network), tableOf(columnsFor(mean), games, mean)].join('\n'));
    writeJson(json, results);
  }
  console.log(`Written to ${json}`);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
