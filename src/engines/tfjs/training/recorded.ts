/** What a recording keeps of each frame, and what it knows of the program whose frames they are. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {Graph, ValueId} from '../../../graph';
import type {Region} from '../../../region';
import type {Memory} from '../memory/memory';
import type {PreparedWeights} from '../state/weights';

/** The pixels of a value that a frame recomputed, and what they held before it. */
export interface Overwritten {
  readonly region: Region;
  readonly pixels: Int32Array;
  readonly old: Tensor;
}

/** By value. */
export type FrameLog = Map<ValueId, Overwritten>;

/** The program that records, as the recording sees it. */
export interface RecordedProgram {
  readonly graph: Graph;
  readonly memory: Memory;
  readonly weights: PreparedWeights;
  /** The value whose memory each value is. */
  readonly sources: readonly ValueId[];
}
