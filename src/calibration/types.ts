/** What a calibration is asked for, and what it gives. */
import type {InputThreshold} from '../region';
import type {Agreement} from './outputs';

/** What `calibrate` is doing: the model's own predictions, the search in four stages, and the measurement at the end. */
export type CalibrationStage = 'model' | 'gate' | 'thresholds' | 'nodes' | 'refinement' | 'report';

/** How far a calibration is. */
export interface CalibrationProgress {
  readonly stage: CalibrationStage;
  /** Runs of the clip that are done, and at most to be done in all; the latter falls as the search rules settings out. */
  readonly done: number;
  readonly total: number;
  /** Share of a dense frame's multiply-adds that the best settings so far take; 1 before there are any. */
  readonly macsShare: number;
}

/** Options of `calibrate`. */
export interface CalibrationOptions {
  /** How far outputs with reuse agree with the model's own, from 0 to 1: one of `agreements`, or a function of yours. */
  agreement: Agreement;
  /** The least agreement, on average over frames that the search has not seen. */
  atLeast: number;
  /** Outputs to compute, by name, as `execute` takes them; `agreement` is given what it returns. Default: the model's own. */
  outputs?: readonly string[];
  /**
   * Gates to try, in input units: numbers, or objects as `inputThreshold` takes them. Default: from the noise that the frames
   * show, with and without a look at neighbours; none where they show none.
   */
  gates?: readonly InputThreshold[];
  /** Share of the frames, the last ones, that the result is judged by and the search does not see. Default 1/3. */
  heldBack?: number;
  /** Stops the calibration: it rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Told after each run of the clip. */
  onProgress?: (progress: CalibrationProgress) => void;
  /** 1 prints a line now and then, 0 nothing. Default 1 without `onProgress`, else 0. */
  verbose?: 0 | 1;
}

/** What a calibration found, and how it was judged. */
export interface CalibrationReport {
  /**
   * Mean agreement with the model itself on the frames held back, every one of them computed with reuse. Settings other than
   * the exact ones also reached `atLeast` with policy 'auto', over those frames of the whole clip that reuse computed.
   */
  readonly agreement: number;
  readonly atLeast: number;
  /**
   * Mean agreement of the model with itself, on the frames held back, where noise of the size that they show is added to
   * them: a yardstick, for a model that does not agree with itself cannot be agreed with much better. 1 without noise.
   */
  readonly denseUnderNoise: number;
  /**
   * Standard deviation of the noise in the frames, as estimated, in input units. In decoded video, where most values stand still
   * to the bit, that of the values which jump by little; `notes` says so.
   */
  readonly noise: number;
  /** Milliseconds a frame on the frames held back: the model itself, and with these settings and policy 'auto'. */
  readonly denseMs: number;
  readonly reuseMs: number;
  /** How many times faster: `denseMs / reuseMs`. */
  readonly speedUp: number;
  /** Share of a dense frame's multiply-adds that were computed on the frames held back. */
  readonly macsShare: number;
  /**
   * Whether leaving work out makes the model faster, and it agrees as far as was asked for. If not, the options are the exact
   * ones, and the figures here those of the best that was found; `notes` has why. `speedUp` may be above 1 then: the engine's
   * kernels alone may be faster than the model's.
   */
  readonly gained: boolean;
  /** Frames that were searched on, and frames held back. */
  readonly frames: {readonly search: number; readonly heldBack: number};
  /** What else there is to know, in words. */
  readonly notes: readonly string[];
}

/** Options for `withReuse`, as `calibrate` found them. Plain data: it survives `JSON.stringify` and `JSON.parse`. */
export interface Calibration {
  inputThreshold: InputThreshold;
  /** One a node, absolute: the same for all its channels, whose noise the next node adds up. */
  threshold: {nodes: Record<string, number>};
  /** Not heeded by `withReuse`. */
  report: CalibrationReport;
}
