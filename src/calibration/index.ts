export * as agreements from './agreement';
export {calibrate} from './calibrate';
export {checkOptions, type CheckedOptions} from './options';
export type {Agreement, Detection, Keypoint, Outputs} from './outputs';
export type {
  Calibration,
  CalibrationOptions,
  CalibrationProgress,
  CalibrationReport,
  CalibrationStage,
} from './types';
export type {Calibratable, FrameValues, Runner, RunnerOptions} from './source';
