/** The command line of the benchmark of films. It runs nothing. */
import {Command} from 'commander';
import {option, readWhole} from '../../examples/atari/options';
import {list, readOutput} from '../options';
import type {FilmName} from './codecs';

/** What the recordings of games and of screens are made into. */
export const GAME_FILMS = ['raw', 'x264', 'x264-g30', 'x265', 'vp9', 'av1', 'mjpeg'] as const;
export const SCREEN_FILMS = ['raw', 'vp8'] as const;
const FILMS: readonly FilmName[] = [...new Set([...GAME_FILMS, ...SCREEN_FILMS])];

export const TASKS = ['D2:20/40', 'D2:80/160', 'PoseNet'] as const;
export type TaskName = (typeof TASKS)[number];

export interface FilmsOptions {
  readonly tasks: readonly TaskName[];
  readonly films: readonly FilmName[];
  readonly frames: number;
  readonly rounds: number;
  readonly json: string;
}

const find =
  <T extends string>(names: readonly T[]) =>
  (text: string): T | undefined =>
    names.find((name) => name.toLowerCase() === text.toLowerCase());

/** @throws (or, by commander's default, exits with code 1) where an option is unknown or out of range */
export function readFilmsOptions(argv: readonly string[], command = new Command()): FilmsOptions {
  command
    .name('bench:films')
    .description('Measures reuse on what video codecs leave of a game and of a screencast. Needs ffmpeg.')
    .addOption(
      option(
        '--tasks <names>',
        `of ${TASKS.join(', ')}`,
        list('task', find(TASKS), TASKS),
        [...TASKS],
        'all',
      ),
    )
    .addOption(
      option(
        '--films <names>',
        `of ${FILMS.join(', ')}`,
        list('film', find(FILMS), FILMS),
        [...FILMS],
        'all',
      ),
    )
    .addOption(option('--frames <count>', 'frames of each film', readWhole(6, 80), 80))
    .addOption(option('--rounds <count>', 'how often each side runs a film', readWhole(1, 20), 3))
    .addOption(option('--json <file>', 'where the figures go', readOutput, 'bench/results/films.json'))
    .allowExcessArguments(false)
    .parse(argv, {from: 'user'});
  return command.opts<FilmsOptions>();
}
