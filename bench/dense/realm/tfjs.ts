/** The network in tfjs, and in this library's engine with nothing to reuse. */
import * as tf from '@tensorflow/tfjs-core';
import {ready, setThreads, withReuse} from '../../../src';
import {loadWork, predictWork, type Predicting} from '../works/model';
import type {Work} from '../works/work';
import type {Threads} from '../sides';
import type {Platform} from './platform';
import type {Player} from './player';

export async function tfjsPlayer(
  work: Work,
  platform: Platform,
  backend: 'wasm' | 'tensorflow',
  threads: Threads,
): Promise<Player> {
  await platform.useBackend(backend, threads);
  return playerOf(work, await loadWork(work, platform));
}

/** The cache is emptied before each frame, outside of what is timed. */
export async function enginePlayer(work: Work, platform: Platform, threads: Threads): Promise<Player> {
  await platform.useBackend('wasm', 1);
  await setThreads(threads);
  await ready();
  const reuse = withReuse(await loadWork(work, platform), {engine: 'wasm', policy: 'incremental'});
  const {predict} = playerOf(work, reuse);
  return {
    predict(frame) {
      reuse.cache.clear();
      return predict(frame);
    },
  };
}

function playerOf(work: Work, model: Predicting): Player {
  return {
    async predict(frame) {
      const input = tf.tensor(frame.slice(), [...work.shape], 'float32');
      const start = performance.now();
      const results = predictWork(work, model, input);
      const outputs = results.map((result) => result.dataSync<'float32'>());
      const ms = performance.now() - start;
      const copies = outputs.map((values) => values.slice());
      tf.dispose([input, ...results]);
      return {ms, outputs: copies};
    },
  };
}
