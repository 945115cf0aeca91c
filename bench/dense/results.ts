/** What the comparison of dense frames measures, as it is written to JSON. */
import type {Machine} from '../results';

export interface DenseResults {
  readonly machine: Machine;
  /** Frames of a turn, and turns of each side. */
  readonly frames: number;
  readonly rounds: number;
  readonly rows: readonly DenseRow[];
}

/** One network on one host: all sides took turns. */
export interface DenseRow {
  readonly host: string;
  /** Of Node or the browser. */
  readonly version: string;
  readonly work: string;
  /** Multiply-adds of a frame. */
  readonly macs: number;
  /** By a side's id. */
  readonly sides: Readonly<Record<string, DenseFigure | Absence>>;
}

export interface DenseFigure {
  /** Of a frame, median. */
  readonly ms: number;
  /** Of a frame, of all threads together; null where the system does not say. */
  readonly cpuMs: number | null;
  /** The largest difference from tfjs's own result, in shares of that output's largest value. */
  readonly difference: number;
}

/** Why a side has no figure. */
export interface Absence {
  readonly absent: string;
}
