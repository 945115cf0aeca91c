/** What the comparison with peers measures, as it is written to JSON. */
import type {Machine} from '../../results';
import type {ModelRun} from '../results';
import type {SideId} from './side';

export interface PeersResults {
  readonly machine: Machine;
  readonly model: string;
  /** Frames of each clip, and how often each side ran them. */
  readonly frames: number;
  readonly rounds: number;
  readonly threads: Readonly<Record<SideId, number>>;
  readonly rows: readonly PeersRow[];
}

/** Reuse over a clip in one setting, beside sides that compute every frame in full. */
export interface PeersRow {
  readonly clip: ModelRun['clip'];
  readonly setting: 'exact' | 'calibrated';
  /** Of a frame. */
  readonly ms: Readonly<Record<SideId, number>>;
  /** Of reuse with the model itself by the task's measure, mean over frames. */
  readonly agreement: number;
}
