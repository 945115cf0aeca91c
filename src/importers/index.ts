export {importLayer, importLayersModel} from './layers-model';
export {importGraphModel} from './graph-model';
