/** What the benchmark of films measures, as it is written to JSON. */
import type {Machine} from '../results';
import type {FilmName} from './codecs';

export interface FilmsResults {
  readonly machine: Machine;
  /** Of ffmpeg and its encoders. */
  readonly ffmpeg: string;
  /** How often each side ran each film. */
  readonly rounds: number;
  readonly tasks: readonly TaskResult[];
}

/** A network over one recording, raw and as films. */
export interface TaskResult {
  readonly network: string;
  /** What the films show. */
  readonly shows: string;
  /** What agreement is the share of. */
  readonly measure: string;
  readonly frames: number;
  readonly gate: Gate;
  /** Milliseconds of a frame that is given a second time: the model itself, and reuse with policy 'incremental'. */
  readonly repeat: {readonly modelMs: number; readonly reuseMs: number};
  readonly films: readonly FilmResult[];
}

/** Of 255 grey levels; with neighbours, as many of the 8 pixels around have to be over it too. */
export interface Gate {
  readonly levels: number;
  readonly neighbours?: number;
}

export interface FilmResult {
  readonly film: FilmName;
  /** Of the file, for each frame; null for the raw recording, which is none. */
  readonly bytesPerFrame: number | null;
  /** Of the model itself. */
  readonly modelMs: number;
  /** Agreement of the model's own results of a frame and of the one before it: what a result that is not renewed would have. */
  readonly steadiness: number;
  readonly exact: SettingResult;
  readonly gated: SettingResult;
}

export interface SettingResult {
  /** Mean shares: pixels of a frame that change, and multiply-adds that 'incremental' does, of a dense frame's. */
  readonly changed: number;
  readonly computed: number;
  /** Milliseconds of a frame, by policy. */
  readonly incrementalMs: number;
  readonly autoMs: number;
  /** Of the results of 'incremental' with the model's own of the same frame, mean. */
  readonly agreement: number;
  /** The largest difference of any output from the model's own, relative to the output's largest magnitude. */
  readonly difference: number;
}
