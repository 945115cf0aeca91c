/** What this engine has of a kind of op: forwards, and backwards. */
import type {Op} from '../../../../graph';
import type {BackwardOp, BackwardSetting} from './backward-op';
import type {CutPoint} from './cut-point';
import type {PixelOp, ReduceOp, Reduction, Setting} from './op';

/** A kind of op that is computed pixel by pixel. */
export interface PixelImplementation<O extends Op = Op> {
  readonly forward: (setting: Setting<O>) => PixelOp;
}

/** A kind of op that reduces a plane. */
export interface ReduceImplementation<O extends Op = Op> {
  readonly reduce: (setting: Setting<O>) => ReduceOp;
}

/** The backward pass through a kind of op that is computed pixel by pixel; of one that reduces a plane, where what is recorded ends. */
export type Backward<O extends Op = Op> =
  | {readonly backward: (setting: BackwardSetting<O>) => BackwardOp}
  | {readonly cutPoint: (setting: Setting<O>, reduction: Reduction) => CutPoint};
