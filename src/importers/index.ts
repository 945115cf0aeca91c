export {importLayer, importLayersModel} from './layers-model';
export {importGraphModel, type GraphModelInput} from './graph-model';
export {isReuseLayer, plainLayer, WRAPPED_LAYER, type ReuseLayer} from './reuse-layer';
