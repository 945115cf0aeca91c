/**
 * tfjs-reuse/regions: sets of pixels and their arithmetic, by themselves. It needs no TensorFlow.js.
 *
 * @packageDocumentation
 */
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
