/** A project that imports the package, with a dependency that requires it: there is one copy, whichever entry. */
import {createRequire} from 'node:module';
import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import * as everything from 'tfjs-reuse';
import * as regions from 'tfjs-reuse/regions';
import * as wasm from 'tfjs-reuse/wasm';
import './check.js';

const require = createRequire(import.meta.url);
const imported = {'tfjs-reuse': everything, 'tfjs-reuse/wasm': wasm, 'tfjs-reuse/regions': regions};
for (const [entry, names] of Object.entries(imported)) {
  const required = require(entry);
  for (const [name, value] of Object.entries(names)) {
    if (required[name] !== value) throw new Error(`${name} of ${entry} is there twice`);
  }
  if (Object.keys(required).sort().join() !== Object.keys(names).sort().join())
    throw new Error(
      `${entry} exports ${Object.keys(required)} to a require, and ${Object.keys(names)} to an import`,
    );
}

const tf = {...core, ...layers};
await tf.setBackend('cpu');
check.entries(tf, {everything, regions, wasm});
check.predictsAlone(tf, wasm.withReuse);
await check.wrapped(tf, wasm.withReuse);
await check.layer(tf, everything.IncrementalConv2D, everything.withReuse);
await check.savedAndLoaded(tf, everything.IncrementalConv2D, everything.withReuse);
await check.registered(tf);
console.log('OK');
