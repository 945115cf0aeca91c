/** The command line: its options, their defaults, and what is refused of them and how. It runs nothing. */
import {Command, InvalidArgumentError, Option} from 'commander';
import {BACKENDS} from '../atari/backend';
import {option, readOutput, readWhole} from '../atari/options';
import type {Paths, Settings} from './settings';
import {LARGEST} from './squares';

/** Wider layers would take minutes an update. */
const MOST_FILTERS = 256;

type Values = Settings & Paths;

/** @throws (or, by commander's default, exits with code 1) where an option is unknown or out of range */
export function readOptions(
  argv: readonly string[],
  command = new Command(),
): {settings: Settings; paths: Paths} {
  command
    .name('inpainting')
    .description(
      'Trains a convolutional autoencoder to restore painted-over areas of photographs, with reuse and without, checks ' +
        'that both learn the same, and says how much faster reuse is.',
    )
    .addOption(option('--updates <count>', 'updates of the weights', readWhole(1, 100_000), 600))
    .addOption(
      option('--dense-updates <count>', 'those of them made without reuse too', readWhole(1, 100_000), 20),
    )
    .addOption(option('--variants <count>', 'frames of an update', readWhole(2, 256), 32))
    .addOption(option('--area <pixels>', 'side of the painted square', readWhole(2, LARGEST), 10))
    .addOption(
      option('--filters <a/b>', 'filters at half and a quarter of the size', readFilters, [24, 48], '24/48'),
    )
    .addOption(
      option('--seed <number>', 'of the weights and of where is painted', readWhole(0, 1_000_000), 1),
    )
    .addOption(new Option('--backend <name>', 'backend of tfjs').choices(BACKENDS).default('wasm'))
    .option('--json <file>', 'write all figures as JSON', readOutput)
    .option('--report <file>', 'write tables, a chart and the pictures as HTML', readOutput)
    .allowExcessArguments(false)
    .parse(argv, {from: 'user'});
  const {json, report, ...rest} = command.opts<Values>();
  const denseUpdates = Math.min(rest.updates, rest.denseUpdates);
  return {settings: {...rest, denseUpdates}, paths: {json, report}};
}

function readFilters(text: string): readonly [number, number] {
  const counts = text.split('/').map((part) => (/^\d+$/.test(part) ? Number(part) : 0));
  if (counts.length === 2 && counts.every((count) => count >= 1 && count <= MOST_FILTERS)) {
    return [counts[0], counts[1]];
  }
  throw new InvalidArgumentError(`Give two numbers, 1 to ${MOST_FILTERS} each, as in 24/48.`);
}
