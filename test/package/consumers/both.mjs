/** A project that ends up with two copies of the package in one process: its own import, and a dependency's require. */
import {createRequire} from 'node:module';
import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import * as imported from 'tfjs-reuse';
import './check.js';

const required = createRequire(import.meta.url)('tfjs-reuse');
if (required.withReuse === imported.withReuse) throw new Error('there is only one copy');

const tf = {...core, ...layers};
for (const maker of [imported, required]) {
  for (const user of [imported, required]) {
    await check.wrapped(tf, user.withReuse);
    await check.layer(tf, maker.IncrementalConv2D, user.withReuse);
    await check.savedAndLoaded(tf, maker.IncrementalConv2D, user.withReuse);
    check.regions(tf, maker, user);
  }
}
await check.registered(tf);
console.log('OK');
