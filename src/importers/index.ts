/** The face of the importers: tfjs models and layers as graphs. */
export {lateAnswers} from './answers';
export {computing, Face} from './face';
export {GraphModelImporter} from './graph-model';
export type {GraphInput} from './graph/importer';
export {detached} from './graph/detached';
export {hasInitializer} from './graph/whole';
export {importLayer, importLayersModel} from './layers-model';
export {own, standIn, standsIn} from './own';
export {isReuseLayer, plainLayer, WRAPPED_LAYER} from './reuse-layer';
