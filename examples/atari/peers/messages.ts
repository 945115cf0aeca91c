/** What a command and a peer's process say to each other: a question, and an answer, in turn. */
import type {NetworkSize} from '../network';
import type {Timed} from '../sides/side';

/** Frames to predict with the network of that size; the answer is what came out, in order. */
export interface Question {
  readonly size: NetworkSize;
  readonly frames: readonly Float32Array[];
}

/** The first answer comes unasked, once the library is loaded. */
export type Answer =
  {readonly version: string} | {readonly outputs: readonly Timed[]} | {readonly error: string};
