export {ActivationCache, type CacheContent} from './activation-cache';
