/** What this engine has of a kind of op: forwards, and backwards. */
import type {Op} from '../../../../graph';
import type {BackwardOp, BackwardSetting} from './backward-op';
import type {CutPoint} from './cut-point';
import type {PixelOp, ReduceOp, Reduction, Setting} from './op';

/** A kind of op that is computed pixel by pixel. */
export interface PixelImplementation<O extends Op = Op> {
  readonly forward: (setting: Setting<O>) => PixelOp;
  /** The backward pass through it; null where there is none in this engine. */
  readonly backward: ((setting: BackwardSetting<O>) => BackwardOp) | null;
}

/** A kind of op that reduces a plane: what is recorded ends there. */
export interface ReduceImplementation<O extends Op = Op> {
  readonly forward: (setting: Setting<O>) => ReduceOp;
  readonly cutPoint: (setting: Setting<O>, reduction: Reduction) => CutPoint;
}
