/**
 * What a caller says has changed is read once a frame, and whatever is asked of other frames between a difference and its run,
 * what is run is what that difference was about.
 */
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../../../src/cache';
import type {FrameArray, Program} from '../../../../src/engines';
import {wasmEngine} from '../../../../src/engines/wasm/engine';
import {importLayersModel} from '../../../../src/importers';
import {Region} from '../../../../src/region';
import {useBackend} from '../../../backends';
import {scene, SHAPE, smallModel} from '../../../promises/helpers';

// There, a ReLU makes something else of a NaN: what changed is looked through before it is run.
beforeAll(() => useBackend('wasm'));

const EXACT = {thresholds: new Map<number, number>(), inputThreshold: 0};

/** A frame that is the scene but for one pixel, that pixel, and how often it was read. */
function frameWith(y: number, x: number) {
  const values = scene();
  const [, width, channels] = SHAPE;
  values[(y * width + x) * channels] += 3;
  let reads = 0;
  const frame: FrameArray[] = [
    {
      data: values,
      // Asked for whenever values are read; `data` also by whoever wants to know whether it is a tensor.
      get stride() {
        reads++;
        return channels;
      },
    },
  ];
  const region = Region.fromRects(SHAPE[0], width, [{y, x, height: 1, width: 1}]);
  return {frame, regions: [region], reads: () => reads};
}

/** A program and a cache that holds the scene. */
function opened(): {program: Program; cache: ActivationCache} {
  const program = wasmEngine.compile(importLayersModel(smallModel(), [[...SHAPE]]), EXACT);
  const cache = new ActivationCache();
  const first = [{data: scene(), stride: SHAPE[2]}];
  tf.dispose(program.run(cache, first, program.difference(cache, first, null)).outputs);
  return {program, cache};
}

const valuesOf = (outputs: tf.Tensor[]) => outputs.map((output) => output.dataSync().slice());

/** What a frame gives from scratch. */
function expectedOf(program: Program, frame: FrameArray[]) {
  const cache = new ActivationCache();
  const {outputs} = program.run(cache, frame, program.difference(cache, frame, null));
  cache.dispose();
  return valuesOf(outputs);
}

test('the rows of a frame are read once for its difference and its run', () => {
  const {program, cache} = opened();
  const {frame, regions, reads} = frameWith(2, 3);
  const {outputs} = program.run(cache, frame, program.difference(cache, frame, regions));
  expect(reads()).toBe(1);
  expect(valuesOf(outputs)).toEqual(expectedOf(program, frame));
  cache.dispose();
  program.dispose();
});

test('the same array with other values is read anew', () => {
  const {program, cache} = opened();
  const {frame, regions} = frameWith(2, 3);
  // Nobody runs this one.
  program.difference(cache, frame, regions);
  (frame[0].data as Float32Array)[(2 * SHAPE[1] + 3) * SHAPE[2]] += 4;
  const {outputs} = program.run(cache, frame, program.difference(cache, frame, regions));
  expect(valuesOf(outputs)).toEqual(expectedOf(program, frame));
  cache.dispose();
  program.dispose();
});

type Other = (program: Program, cache: ActivationCache, other: ReturnType<typeof frameWith>) => void;

test.each<[string, Other]>([
  ['a difference', (program, cache, {frame, regions}) => program.difference(cache, frame, regions)],
  ['a comparison', (program, cache, {frame}) => program.difference(cache, frame, null)],
  [
    'a run of another stream',
    (program, _cache, {frame}) => {
      const other = new ActivationCache();
      tf.dispose(program.run(other, frame, program.difference(other, frame, null)).outputs);
      other.dispose();
    },
  ],
])('%s of another frame in between changes nothing', (_name, between) => {
  const {program, cache} = opened();
  const own = frameWith(2, 3);
  const delta = program.difference(cache, own.frame, own.regions);
  between(program, cache, frameWith(6, 1));
  const {outputs} = program.run(cache, own.frame, delta);
  expect(valuesOf(outputs)).toEqual(expectedOf(program, own.frame));
  cache.dispose();
  program.dispose();
});

test('a forecast for another delta between a difference and its run changes nothing', () => {
  const {program, cache} = opened();
  const [own, other] = [frameWith(2, 3), frameWith(6, 1)];
  const others = program.difference(cache, other.frame, other.regions);
  const delta = program.difference(cache, own.frame, own.regions);
  program.costModel!.forecast(cache, others);
  const {outputs} = program.run(cache, own.frame, delta);
  expect(valuesOf(outputs)).toEqual(expectedOf(program, own.frame));
  cache.dispose();
  program.dispose();
});
