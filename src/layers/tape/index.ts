/** Convolution layers on tfjs's gradient tape. */
export {OnTape} from './on-tape';
