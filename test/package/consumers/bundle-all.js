/** A web application that uses the package in all its ways. */
import * as tf from '@tensorflow/tfjs';
import {IncrementalConv2D, withReuse} from 'tfjs-reuse';
import './check.js';

async function main() {
  await check.wrapped(tf, withReuse);
  await check.layer(tf, IncrementalConv2D, withReuse);
  await check.registered(tf);
  return 'OK';
}

globalThis.result = main();
