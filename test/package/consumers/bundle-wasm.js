/** A web application that predicts on the WebAssembly engine alone. */
import * as tf from '@tensorflow/tfjs';
import {withReuse} from 'tfjs-reuse/wasm';
import './check.js';

async function main() {
  await check.wrapped(tf, withReuse);
  check.predictsAlone(tf, withReuse);
  return 'OK';
}

globalThis.result = main();
