export type {Changed} from './changed';
export type {HalfArray, InputArray} from './arrays';
export type {ModelInputValue, Picture, PredictInput} from './inputs';
export {resolveOptions, type ReuseOptions} from './options';
export type {FrameReport, LayerReport} from './report';
export type {PredictOptions} from './request';
export {isReuseModel, ReuseModel} from './reuse-model';
export {isGraphModel, isLayersModel, type Prediction} from './wrapped';
