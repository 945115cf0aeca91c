export type {Changed} from './changed';
export type {InputArray, ModelInputValue, Picture, PredictInput} from './inputs';
export {resolveOptions, type ReuseOptions} from './options';
export type {FrameReport, LayerReport} from './report';
export type {PredictOptions} from './request';
export {ReuseModel} from './reuse-model';
export {isLayersModel, type Prediction} from './wrapped';
