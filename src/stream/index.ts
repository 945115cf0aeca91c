export {AllCaches} from './all-caches';
export type {Decider} from './decider';
export type {StreamReport} from './last-frame';
export type {FrameOptions, StreamOptions} from './options';
export type {Path, PolicyName} from './policy';
export {startRecording} from './recorded';
export {frameOf, joinFrames} from './rows';
export {Stream} from './stream';
export {verifier, type Verifier} from './verify';
