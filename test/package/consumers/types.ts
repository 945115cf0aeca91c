/** Compiled, never run: the public names have types, under every way of resolving modules. */
import {sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {zeros, type Tensor4D} from '@tensorflow/tfjs-core';
import {IncrementalConv2D, Region, diff, propagate, ready, receptiveField, withReuse} from 'tfjs-reuse';
import type {Rect, ReuseModel, Window} from 'tfjs-reuse';

const model: LayersModel = sequential({
  layers: [new IncrementalConv2D({filters: 2, kernelSize: 3, inputShape: [8, 8, 1]})],
});
const reuse: ReuseModel = withReuse(model);
const frame: Tensor4D = zeros([1, 8, 8, 1]);
export const answer = reuse.predict(frame);

const rect: Rect = {y: 1, x: 1, height: 2, width: 2};
const region: Region = Region.fromRects(8, 8, [rect]);
const window: Window = {input: [8, 8], kernel: [3, 3], padding: 'same'};
export const regions: Region[] = [propagate(region, window), receptiveField(region, window)];
export const started: Promise<void> = ready();

const pixels = {data: new Float32Array(64), height: 8, width: 8};
export const changed: Region = diff(pixels, pixels);
