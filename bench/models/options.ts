/** The command line of the benchmark of pretrained models. It runs nothing. */
import {Command, InvalidArgumentError} from 'commander';
import {option, readWhole} from '../../examples/atari/options';
import {readOutput} from '../options';
import {MODEL_NAMES} from './models';

export const PARTS = ['full', 'exact', 'frontier', 'calibrate'] as const;
export type ModelsPart = (typeof PARTS)[number];

export interface ModelsOptions {
  readonly models: readonly string[];
  readonly parts: readonly ModelsPart[];
  readonly frames: number;
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
export function readModelsOptions(argv: readonly string[], command = new Command()): ModelsOptions {
  command
    .name('bench:models')
    .description("Measures pretrained graph models over clips, beside themselves on tfjs's wasm backend.")
    .addOption(
      option('--models <names>', 'models, separated by commas', oneOf(MODEL_NAMES), MODEL_NAMES, 'all'),
    )
    .addOption(option('--parts <names>', `of ${PARTS.join(', ')}`, oneOf(PARTS), [...PARTS], 'all'))
    .addOption(option('--frames <count>', 'frames of each clip', readWhole(6, 200), 36))
    .addOption(option('--json <file>', 'where the figures go', readOutput, 'bench/results/models.json'))
    .allowExcessArguments(false)
    .parse(argv, {from: 'user'});
  return command.opts<ModelsOptions>();
}
