export {AllCaches} from './all-caches';
export type {Path, PolicyName} from './policy';
export {
  Stream,
  type DenseRunner,
  type DenseRunnerAsync,
  type FrameOptions,
  type StreamOptions,
  type StreamReport,
} from './stream';
export {frameOf, joinFrames} from './rows';
