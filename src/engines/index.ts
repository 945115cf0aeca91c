export type * from './engine';
export {tfjsEngine} from './tfjs/engine';
