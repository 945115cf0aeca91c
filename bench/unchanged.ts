/** What a frame costs that is the same as the one before it: the least that any frame costs. */
import * as tf from '@tensorflow/tfjs-core';
import {median} from '../examples/atari/figures';
import {buildNetwork} from '../examples/atari/network';
import {withReuse, type ReuseModel} from '../src';
import {readRecording, readStretches, sizeOf} from './frames';
import type {Network} from './networks';
import type {Settings, UnchangedResult} from './results';

/** Times are medians over batches, each long enough for the clock. */
const BATCHES = 40;
const CALLS = 50;

export async function measureUnchanged(
  network: Network,
  engine: Settings['engine'],
): Promise<UnchangedResult> {
  await tf.setBackend('wasm');
  const recording = readRecording('Breakout');
  const size = sizeOf(recording, network);
  const model = buildNetwork(size);
  const reuse = withReuse(model, {engine, policy: 'incremental'});
  try {
    const frame = readStretches(recording, network, 2)[0][0];
    return {...network, ...timesOf(reuse, frame, [1, size.height, size.width, 1], size.actions)};
  } finally {
    reuse.dispose();
    model.dispose();
  }
}

function timesOf(
  reuse: ReuseModel,
  frame: Float32Array,
  shape: [number, number, number, number],
  actions: number,
): Pick<UnchangedResult, 'runUs' | 'predictUs' | 'readUs'> {
  // Two of each, so that nobody need look only at whether it is the same array.
  const arrays = [frame.slice(), frame.slice()];
  const tensors = arrays.map((array) => tf.tensor4d(array.slice(), shape));
  const out = new Float32Array(actions);
  const predict = (i: number) => reuse.predict(tensors[i % 2]) as tf.Tensor;
  const read = (result: tf.Tensor) => {
    result.dataSync();
    result.dispose();
  };
  try {
    return {
      runUs: microseconds((i) => reuse.run(arrays[i % 2], out)),
      predictUs: microseconds((i) => predict(i).dispose()),
      readUs: microseconds((i) => read(predict(i))),
    };
  } finally {
    tf.dispose(tensors);
  }
}

/** Of one call; the first batch fills caches and does not count. */
function microseconds(call: (i: number) => unknown): number {
  const batches = Array.from({length: BATCHES + 1}, () => {
    const start = performance.now();
    for (let i = 0; i < CALLS; i++) call(i);
    return (1000 * (performance.now() - start)) / CALLS;
  });
  return median(batches.slice(1));
}
