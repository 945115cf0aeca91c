/** What holds for all frames of a stream, and what for one. */
import type {Region} from '../region';
import type {PolicyName} from './policy';
import type {Verifier} from './verify';

export interface StreamOptions {
  readonly policy: PolicyName;
  /** Most bytes of cached activations; a plan that needs more leaves every frame to the model. */
  readonly maxBytes: number;
  /** Checks a caller's regions against the frames; null where nobody does. */
  readonly verifier: Verifier | null;
  /** Called where a frame left more bytes in the cache than its program knew of. */
  readonly onGrowth?: () => void;
}

export interface FrameOptions {
  /** The caller's own regions, one for each input; null compares the frames. */
  readonly changed: readonly Region[] | null;
  readonly commit: boolean;
  /** Which of the program's outputs were asked for, as in `RunOptions`. */
  readonly places?: readonly number[];
  /** Where the values of the output go, as in `RunOptions`; the dense runner of such a frame writes there too. */
  readonly out?: Float32Array;
}
