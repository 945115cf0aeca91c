/** What was measured of training: plain data, as it goes to JSON. */
import type {Backend} from '../../examples/atari/backend';
import type {Figures, GameFigures} from '../../examples/reinforce/recorded/figures';
import type {Network} from '../networks';
import type {Machine} from '../results';

export interface TrainingResults {
  readonly machine: Machine;
  readonly backend: Backend;
  /** Frames of an episode, of which each game has one. */
  readonly steps: number;
  readonly networks: readonly TrainedNetwork[];
}

export interface TrainedNetwork extends Network {
  readonly games: readonly GameFigures[];
  readonly overall: Figures;
}
