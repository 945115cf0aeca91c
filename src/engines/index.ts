export {isTensor} from './shared/is-tensor';
export {engineFor, enginesReady, prepareEngines, type EngineChoice} from './choose';
export type * from './engine';
export {OutOfMemory} from './wasm/heap';
export {activate} from './tfjs/ops/activation';
export {weightTensor} from './shared/weights';
export {readThreshold} from './shared/thresholds';
