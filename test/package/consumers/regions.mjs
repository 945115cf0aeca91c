/** A project that has no TensorFlow.js at all. */
import {createRequire} from 'node:module';
import {diff, propagate, receptiveField, Region} from 'tfjs-reuse/regions';

const before = {data: new Float32Array(24 * 32), height: 24, width: 32};
const after = {...before, data: before.data.slice()};
after.data[5 * 32 + 7] = 1;
const window = {kernel: [3, 3], padding: 'same', input: [24, 32]};
const affected = propagate(diff(before, after), window);
const areas = [affected.area, receptiveField(affected, window).area];
if (areas.join() !== '9,25') throw new Error(`areas are ${areas}`);
if (createRequire(import.meta.url)('tfjs-reuse/regions').Region !== Region) throw new Error('two Regions');
console.log('OK');
