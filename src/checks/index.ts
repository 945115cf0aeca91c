/** The room's face: what every other room says of arguments that do not fit, and how it finds them. No tensors here. */
export {isPlainObject, shown} from './shown';
export {flag, func, numeric, object, oneOf, texts, type Range} from './values';
export {noneMisspelt, onlyKnown} from './names';
