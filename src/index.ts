/**
 * tfjs-reuse: TensorFlow.js models that recompute only what changed from one input to the next, with the same result.
 *
 * @packageDocumentation
 */
// The modules lie in the package in the order of these exports; in this one, gzip packs tfjs-reuse/wasm best.
export {
  IncrementalConv1D,
  IncrementalConv2D,
  IncrementalDepthwiseConv2D,
  IncrementalSeparableConv2D,
  type IncrementalArgs,
  type LayerShape,
  type ReuseArgs,
} from './layers';
export * from './common';
export {
  agreements,
  type Agreement,
  type CalibrationOptions,
  type CalibrationProgress,
  type CalibrationStage,
  type Detection,
  type Keypoint,
  type Outputs,
} from './calibration';
export * from './regions';
export {ready, reuseInPlace, withReuse, type LayerOptions} from './reuse';
export {Episode, type RecordSettings, type ValueAndGrads} from './training';
