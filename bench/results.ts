/** What a run measured: plain data, as it goes to JSON. What follows from it is worked out in summary.ts, not kept. */
import type {Game} from '../examples/atari/games';
import type {Network} from './networks';
import type {SideId} from './sides/side';

export interface Results {
  readonly machine: Machine;
  readonly settings: Settings;
  readonly networks: readonly NetworkResult[];
  readonly unchanged: readonly UnchangedResult[];
  readonly kernels: readonly KernelResult[];
}

export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly system: string;
  readonly memoryGiB: number;
  /** What else was running when it began: the load of the last minute. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
  /** Why there are no joules, where there are none. */
  readonly energy: string;
}

/** What changes the figures. */
export interface Settings {
  readonly engine: 'auto' | 'tfjs' | 'wasm';
  /** Of reuse. */
  readonly threads: number;
  /** Screens of each game, and how often each was run. */
  readonly frames: number;
  readonly rounds: number;
  /** Frames on which sides were timed whose cost does not depend on the frame. */
  readonly sample: number;
}

export interface NetworkResult extends Network {
  readonly games: readonly GameResult[];
}

export interface GameResult {
  readonly game: Game;
  /** Frames counted: all but the first of each stretch. */
  readonly frames: number;
  /** Share of the input's pixels that changed; multiply-adds of a dense frame, and those of the pixels truly affected. */
  readonly changed: number;
  readonly denseMacs: number;
  readonly affectedMacs: number;
  readonly sides: Readonly<Partial<Record<SideId, SideResult>>>;
}

export interface SideResult {
  /** Of a frame, as statistics.ts says. */
  readonly ms: number;
  /** Mean of each round. */
  readonly rounds: readonly number[];
  /** Of a frame, over all threads. */
  readonly cpuMs: number;
  readonly joules: number | null;
}

/** A frame that is the same as the one before it. */
export interface UnchangedResult extends Network {
  /** Of `run`, of `predict`, and of `predict` with reading its result. */
  readonly runUs: number;
  readonly predictUs: number;
  readonly readUs: number;
}

/** One layer, changed in every row along a span, which is as long in the layer's output. */
export interface KernelResult {
  readonly layer: string;
  readonly span: number;
  /** Of the pixels truly affected. */
  readonly macs: number;
  readonly ms: number;
  /** The same of a frame of which one pixel changed, which is left out of the GMAC/s. */
  readonly baseMacs: number;
  readonly baseMs: number;
}
