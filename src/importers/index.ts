/** The room's face: tfjs models and layers as graphs. */
export {GraphModelImporter, type Signature} from './graph-model';
export type {GraphInput} from './graph/importer';
export {importLayer, importLayersModel} from './layers-model';
export {isReuseLayer, plainLayer, WRAPPED_LAYER} from './reuse-layer';
