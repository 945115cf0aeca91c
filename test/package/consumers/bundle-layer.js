/** A web application that imports one layer alone: the kernels that it runs on are not named anywhere. */
import * as tf from '@tensorflow/tfjs';
import {IncrementalConv2D} from 'tfjs-reuse';
import './check.js';

async function main() {
  await check.layer(tf, IncrementalConv2D);
  await check.registered(tf);
  return 'OK';
}

globalThis.result = main();
