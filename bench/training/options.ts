/** The command line of the benchmark of training. It runs nothing. */
import {Command, Option} from 'commander';
import {BACKENDS, type Backend} from '../../examples/atari/backend';
import type {Game} from '../../examples/atari/games';
import {GAMES} from '../../examples/atari/games';
import {option, readGames, readWhole} from '../../examples/atari/options';
import {findNetwork, networkName, NETWORKS, type Network} from '../networks';
import {list, readOutput} from '../options';

export interface TrainingOptions {
  readonly games: readonly Game[];
  readonly networks: readonly Network[];
  readonly steps: number;
  readonly backend: Backend;
  readonly json: string;
}

/** One with a large dense layer for its convolutions, and one with large planes. */
const DEFAULT_NETWORKS = 'D4:80/160,D2:40/80';

/** @throws (or, by commander's default, exits with code 1) where an option is unknown or out of range */
export function readTrainingOptions(argv: readonly string[], command = new Command()): TrainingOptions {
  const names = NETWORKS.map(networkName).join(', ');
  const readNetworks = list('network', findNetwork, names);
  command
    .name('bench:training')
    .description(
      'Measures training on recordings of Atari games: dense in tfjs, dense in the engine, and with reuse.',
    )
    .addOption(option('--games <names>', 'games, separated by commas', readGames, GAMES, 'all 24'))
    .addOption(
      option(
        '--networks <names>',
        `of ${names}`,
        readNetworks,
        readNetworks(DEFAULT_NETWORKS),
        DEFAULT_NETWORKS,
      ),
    )
    .addOption(option('--steps <count>', 'frames of an episode', readWhole(20, 3000), 3000))
    .addOption(new Option('--backend <name>', 'backend of tfjs').choices(BACKENDS).default('tensorflow'))
    .addOption(option('--json <file>', 'where the figures go', readOutput, 'bench/results/training.json'))
    .allowExcessArguments(false)
    .parse(argv, {from: 'user'});
  return command.opts<TrainingOptions>();
}
