/**
 * The room's face: sets of pixels, and how they come about, travel through ops and are taken apart. No tensors here.
 */
export {DEFAULT_CALL_COST} from './cover';
export {diff, type Frame, type FrameData} from './diff';
export {gateOf, isOpen, passGate, readGate, type Gate, type InputThreshold} from './gate';
export {greyLevels, type GreyRange} from './grey-levels';
export {reinterpret, translate} from './move';
export {gather} from './gather';
export {propagate, receptiveField} from './propagate';
export {isRegion, ownRegion, Region} from './region';
export type {Rect, Span} from './shapes';
export {resolveWindow, type Pair, type ResolvedWindow, type Window} from './window';
