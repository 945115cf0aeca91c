/** The command line of the comparison of dense frames. It runs nothing. */
import {Command, InvalidArgumentError} from 'commander';
import {option, readWhole} from '../../examples/atari/options';
import {readOutput} from '../options';
import {LIBRARIES, type Library} from './sides';
import {DEFAULT_WORKS, WORK_NAMES} from './works/sources';

export const HOST_NAMES = ['node-20', 'node-22', 'node-24', 'chromium', 'firefox'] as const;
export type HostName = (typeof HOST_NAMES)[number];

export interface DenseOptions {
  readonly hosts: readonly HostName[];
  readonly networks: readonly string[];
  readonly libraries: readonly Library[];
  readonly frames: number;
  readonly rounds: number;
  readonly json: string;
}

const oneOf =
  <T extends string>(names: readonly T[]) =>
  (text: string): T[] =>
    text.split(',').map((name) => {
      if (names.includes(name as T)) return name as T;
      throw new InvalidArgumentError(`There is no '${name}'. There are: ${names.join(', ')}.`);
    });

/** @throws (or, by commander's default, exits with code 1) where an option is unknown or out of range */
export function readDenseOptions(argv: readonly string[], command = new Command()): DenseOptions {
  command
    .name('bench:peers:dense')
    .description('Measures frames in full: this library beside what people would use instead, host by host.')
    .addOption(
      option('--hosts <names>', `of ${HOST_NAMES.join(', ')}`, oneOf(HOST_NAMES), [...HOST_NAMES], 'all'),
    )
    .addOption(
      option(
        '--networks <names>',
        `of ${WORK_NAMES.join(', ')}`,
        oneOf(WORK_NAMES),
        DEFAULT_WORKS,
        DEFAULT_WORKS.join(', '),
      ),
    )
    .addOption(
      option('--libraries <names>', `of ${LIBRARIES.join(', ')}`, oneOf(LIBRARIES), [...LIBRARIES], 'all'),
    )
    .addOption(option('--frames <count>', 'frames of a turn', readWhole(1, 200), 8))
    .addOption(option('--rounds <count>', 'turns of each side', readWhole(1, 20), 5))
    .addOption(
      option(
        '--json <file>',
        'where the figures go, beside those of other hosts',
        readOutput,
        'bench/results/dense.json',
      ),
    )
    .allowExcessArguments(false)
    .parse(argv, {from: 'user'});
  return command.opts<DenseOptions>();
}
