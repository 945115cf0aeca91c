export {isTensor} from './shared/is-tensor';
export {engineFor, enginesReady, prepareEngines, type EngineChoice} from './choose';
export type * from './engine';
export {OutOfMemory} from './wasm/memory/heap';
export {opOf as portableOpOf} from './tfjs/ops';
export {activate} from './tfjs/ops/activate';
export {weightTensor, weightTensors} from './shared/weights';
export {readThreshold} from './shared/thresholds';
