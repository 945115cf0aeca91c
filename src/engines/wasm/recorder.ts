/** Recording frames, as far as a program knows of it: `training/` does it, and who only predicts has none. */
import type {ActivationCache} from '../../cache';
import type {Graph} from '../../graph';
import type {Recording, RecordOptions} from '../engine';
import type {Instance} from './kernels';
import type {StreamState} from './memory/state';
import type {Compiled} from './schedule/compiled';
import type {Recorder} from './schedule/pass';

/** A recording, and what a program tells it of each frame. */
export interface FrameRecording extends Recording {
  /**
   * Readies the next frame.
   * @returns who monitors it; null for the first one, before which there is nothing to restore
   * @throws where it cannot follow the frames before it
   */
  begin(): Recorder | null;
  /** The frame is computed: takes its rows. */
  end(state: StreamState): void;
  /**
   * After an error in a frame: puts the activations back to the frame before it, if nothing else is wrong than that the
   * frame does not fit. Sums over them are the caller's affair.
   */
  undo(state: StreamState, error: unknown): boolean;
  /** What to say when a frame was undone. */
  readonly noSpace: Error;
}

export interface Training {
  /** Resolves once what it computes with is compiled. */
  prepare(instance: Instance): Promise<void>;
  /** @throws where the gradient of a node cannot be had; names the node */
  record(
    graph: Graph,
    compiled: Compiled,
    instance: Instance,
    cache: ActivationCache,
    options: RecordOptions,
  ): FrameRecording;
}
