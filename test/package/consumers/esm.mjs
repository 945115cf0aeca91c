/** A project of ES modules. */
import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import {IncrementalConv2D, withReuse} from 'tfjs-reuse';
import './check.js';

const tf = {...core, ...layers};
await check.wrapped(tf, withReuse);
await check.layer(tf, IncrementalConv2D, withReuse);
await check.registered(tf);
await check.savedAndLoaded(tf, IncrementalConv2D, withReuse);
console.log('OK');
