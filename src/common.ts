/** What every entry exports that wraps models: a model with reuse, what it takes and what it gives. */
export {ActivationCache} from './cache';
export type {Calibration, CalibrationReport} from './calibration';
export {getThreads, setThreads} from './engines';
export type {ImageSource, ReportOptions, Threshold} from './engines';
export {
  ReuseInPlace,
  ReuseModel,
  reuseOf,
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
  Region,
  type Frame,
  type FrameData,
  type InputThreshold,
  type Pair,
  type Rect,
  type Span,
} from './region';
export type {Path, PolicyName} from './stream';
