/**
 * tfjs-reuse: TensorFlow.js models that recompute only what changed from one input to the next, with the same result.
 *
 * @packageDocumentation
 */
export {ActivationCache} from './cache';
export {
  agreements,
  type Agreement,
  type Calibration,
  type CalibrationOptions,
  type CalibrationProgress,
  type CalibrationReport,
  type CalibrationStage,
  type Detection,
  type Keypoint,
  type Outputs,
} from './calibration';
export type {ImageSource, ReportOptions, Threshold} from './engines';
export {
  IncrementalConv1D,
  IncrementalConv2D,
  IncrementalDepthwiseConv2D,
  IncrementalSeparableConv2D,
  type IncrementalArgs,
  type LayerShape,
  type ReuseArgs,
} from './layers';
export {
  ReuseModel,
  type Changed,
  type FrameReport,
  type HalfArray,
  type InputArray,
  type LayerReport,
  type ModelInputValue,
  type Picture,
  type PredictInput,
  type PredictOptions,
  type Prediction,
  type ReuseOptions,
} from './model';
export {
  diff,
  greyLevels,
  propagate,
  receptiveField,
  Region,
  type Frame,
  type FrameData,
  type GreyRange,
  type InputThreshold,
  type Pair,
  type Rect,
  type ResolvedWindow,
  type Span,
  type Window,
} from './region';
export {ready, withReuse, type LayerOptions} from './reuse';
export type {Path, PolicyName} from './stream';
export {Episode, type RecordSettings, type ValueAndGrads} from './training';
