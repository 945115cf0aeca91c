/** What a calibration needs of a model; made by the model's room. */
import type {Threshold} from '../engines';
import type {Graph} from '../graph';
import type {InputThreshold} from '../region';
import type {Path} from '../stream';
import type {Outputs} from './outputs';

export interface RunnerOptions {
  readonly policy: 'incremental' | 'auto' | 'dense';
  readonly inputThreshold?: InputThreshold;
  readonly threshold?: {readonly nodes: Record<string, Threshold>};
}

/** The model with settings of its own on a stream of its own. */
export interface Runner<F> {
  /** Fresh tensors. */
  predict(frame: F): Promise<Outputs>;
  /** Who computed the last frame, its multiply-adds, and those of one computed in full. */
  work(): Promise<{readonly path: Path; readonly macs: number; readonly denseMacs: number}>;
  readonly graph: Graph;
  /** The root mean square of each channel of the cached activations, by node id. */
  rms(): Promise<ReadonlyMap<number, Float32Array>>;
  dispose(): void;
}

/** One input of one frame, with the batch axis. */
export interface FrameValues {
  readonly values: Float32Array;
  readonly shape: readonly number[];
  readonly isWhole: boolean;
}

export interface Calibratable<F> {
  readonly name: string;
  /** @throws where frame `t` does not fit the model, or is a batch of several */
  check(frame: F, t: number): void;
  open(options: RunnerOptions): Runner<F>;
  /** Copies of a frame's values, by input. */
  read(frame: F): Promise<FrameValues[]>;
  /** A frame that holds these values; the tensors in it are the caller's to dispose. */
  write(inputs: readonly FrameValues[]): F;
}
