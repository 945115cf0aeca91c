/** The room's face: tfjs models and layers as graphs. */
export {importGraphModel, type GraphModelInput} from './graph-model';
export {importLayer, importLayersModel} from './layers-model';
export {isReuseLayer, plainLayer, WRAPPED_LAYER} from './reuse-layer';
