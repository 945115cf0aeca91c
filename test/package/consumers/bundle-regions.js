/** A web application that takes regions from one entry, and models from the others. */
import * as tf from '@tensorflow/tfjs';
import * as everything from 'tfjs-reuse';
import * as regions from 'tfjs-reuse/regions';
import * as wasm from 'tfjs-reuse/wasm';
import './check.js';

async function main() {
  await tf.setBackend('cpu');
  check.entries(tf, {everything, regions, wasm});
  return 'OK';
}

globalThis.result = main();
