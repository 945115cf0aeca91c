/** A web application that imports `withReuse` alone: what it does not name must not be shaken off with the layers. */
import * as tf from '@tensorflow/tfjs';
import {withReuse} from 'tfjs-reuse';
import './check.js';

async function main() {
  await check.wrapped(tf, withReuse);
  await check.registered(tf);
  return 'OK';
}

globalThis.result = main();
