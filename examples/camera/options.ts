/** The command line: its options, their defaults, and what is refused of them and how. It runs nothing. */
import {existsSync, readFileSync, statSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {Argument, Command, InvalidArgumentError, Option} from 'commander';
import type {ReuseOptions} from '../../src';
import {BACKENDS} from '../atari/backend';
import {option, readWhole} from '../atari/options';
import {CLIPS} from './clips';
import {MODEL_NAMES} from './models';
import type {Paths, Settings} from './settings';

const ENGINES = ['auto', 'tfjs', 'wasm'] as const;
const POLICIES = ['auto', 'incremental', 'dense'] as const;

/** They are all held in memory. */
const MOST_FRAMES = 2000;

/** @throws (or, by commander's default, exits with code 1) where an option is unknown or out of range */
export function readOptions(
  argv: readonly string[],
  command = new Command(),
): {settings: Settings; paths: Paths} {
  command
    .name('camera')
    .description(
      'Runs a pretrained model over a clip, with reuse and without, and says how much faster reuse is and how far its ' +
        'results are from those of the model.',
    )
    .addArgument(
      new Argument(
        '[source]',
        'a video, or a folder of PNG or JPEG pictures; a clip that comes along by default',
      ).argParser(readSource),
    )
    .addOption(new Option('--model <name>', 'pretrained model').choices(MODEL_NAMES).default('posenet'))
    .addOption(
      new Option('--clip <name>', 'the frames as they are, or sprites that move over the first one')
        .choices(CLIPS)
        .default('camera'),
    )
    .addOption(option('--frames <count>', 'frames of the clip', readWhole(2, MOST_FRAMES), 80))
    .addOption(new Option('--backend <name>', 'backend of tfjs').choices(BACKENDS).default('wasm'))
    .addOption(new Option('--engine <name>', 'engine of reuse').choices(ENGINES).default('auto'))
    .addOption(new Option('--policy <name>', 'who computes a frame').choices(POLICIES).default('auto'))
    .addOption(option('--gate <levels>', 'a pixel changed by no more is as it was', readNumber(255), 0))
    .addOption(option('--threshold <share>', 'a value changed by no more is as it was', readNumber(1), 0))
    .option('--calibration <file>', 'options of withReuse, as JSON, in place of these two', readCalibration)
    .option('--out <folder>', 'write a report, pictures and all figures there', readOut)
    .allowExcessArguments(false)
    .parse(argv, {from: 'user'});
  const {out, ...rest} = command.opts<Omit<Settings, 'source'> & Paths>();
  const [source] = command.processedArgs as [string | undefined];
  return {settings: {...rest, source}, paths: {out}};
}

function readNumber(most: number): (text: string) => number {
  return (text) => {
    const value = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN;
    if (value >= 0 && value <= most) return value;
    throw new InvalidArgumentError(`Give a number from 0 to ${most}.`);
  };
}

function readSource(path: string): string {
  if (existsSync(path)) return path;
  throw new InvalidArgumentError(`There is no ${path}.`);
}

/** What `withReuse` does not know in it, it refuses itself. */
function readCalibration(path: string): ReuseOptions {
  if (!existsSync(path)) throw new InvalidArgumentError('There is no such file.');
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below: it is no JSON.
  }
  throw new InvalidArgumentError('That is no JSON object of options of withReuse.');
}

/** The folder itself is made where it is missing. */
function readOut(path: string): string {
  if (existsSync(path) && !statSync(path).isDirectory()) throw new InvalidArgumentError('That is a file.');
  if (existsSync(dirname(resolve(path)))) return path;
  throw new InvalidArgumentError(`There is no folder ${dirname(resolve(path))}.`);
}
