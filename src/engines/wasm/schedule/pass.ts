/** One frame's pass through the steps, and who is told what it overwrites. */
import type {RollbackLog} from '../memory/rollback-log';
import type {StreamState} from '../memory/state';

/** Who is told what a frame overwrites. */
export interface Monitors {
  readonly rollbackLog: RollbackLog | null;
  readonly recorder: Recorder | null;
}

export const UNMONITORED: Monitors = {rollbackLog: null, recorder: null};

/** One frame's pass. */
export interface Pass extends Monitors {
  readonly state: StreamState;
  /** Whether everything is computed. */
  readonly full: boolean;
}

/** Who keeps what a frame overwrites, and says what counts as changed while it does. */
export interface Recorder {
  /** Before `count` pixels of `bytes` each are written: those in the list of targets. */
  before(count: number, bytes: number): void;
  /**
   * After the listed pixels of a value were written: leaves in its mask those that break.
   * @returns how many do
   */
  after(state: StreamState, value: number, count: number): number;
}
