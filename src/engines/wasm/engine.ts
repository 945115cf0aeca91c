/** The WebAssembly engine, with training. */
import {engineWith} from './inference';
import {training} from './training';

export const wasmEngine = engineWith(training);
