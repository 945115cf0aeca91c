/** More threads than a model was compiled for: it is compiled anew, and gives the same bits; an open episode goes on as it was. */
import * as tf from '@tensorflow/tfjs';
import {withReuse, type ReuseModel} from '../../../../src';
import {setThreads} from '../../../../src/engines/wasm/set-threads';
import {useBackend} from '../../../backends';
import {EVERYTHING, poolNow} from './pools';

const SIDE = 12;
const CHANNELS = 16;

let model: tf.LayersModel;
let frames: tf.Tensor4D[];

beforeAll(async () => {
  await useBackend('cpu');
  const conv = {filters: CHANNELS, kernelSize: 3, padding: 'same', activation: 'relu'} as const;
  model = tf.sequential({
    layers: [
      tf.layers.conv2d({...conv, inputShape: [SIDE, SIDE, CHANNELS]}),
      tf.layers.flatten(),
      tf.layers.dense({units: 3}),
    ],
  });
  const first = tf.randomUniform([1, SIDE, SIDE, CHANNELS], -1, 1, 'float32', 3) as tf.Tensor4D;
  const changed = tf.tidy(() =>
    tf.add(
      first,
      tf.pad(tf.ones([1, 3, 3, CHANNELS]), [
        [0, 0],
        [4, 5],
        [2, 7],
        [0, 0],
      ]),
    ),
  );
  frames = [first, changed as tf.Tensor4D, tf.clone(first)];
});
beforeEach(() => setThreads(1));
afterAll(async () => {
  tf.dispose(frames);
  model.dispose();
  await setThreads(1);
});

const withWasm = () => withReuse(model, {engine: 'wasm', policy: 'incremental'});

function show(reuse: ReuseModel, frame: tf.Tensor): number[] {
  const output = reuse.predict(frame) as tf.Tensor;
  const values = [...output.dataSync()];
  output.dispose();
  return values;
}

it('the next frame is computed in full, and is the same', async () => {
  const alone = withWasm();
  const expected = frames.map((frame) => show(alone, frame));
  alone.dispose();
  const reuse = withWasm();
  expect(show(reuse, frames[0])).toEqual(expected[0]);
  await setThreads(3);
  poolNow().tune({...EVERYTHING, callerTakes: false});
  expect(show(reuse, frames[1])).toEqual(expected[1]);
  expect(reuse.lastFrame).toMatchObject({path: 'prime', threads: {count: 3}});
  expect(show(reuse, frames[2])).toEqual(expected[2]);
  expect(reuse.lastFrame!.path).toBe('incremental');
  await setThreads(2);
  show(reuse, frames[1]);
  expect(reuse.lastFrame!.path).toBe('incremental');
  reuse.dispose();
});

it('an episode records on', async () => {
  const reuse = withWasm();
  const episode = reuse.record();
  show(reuse, frames[0]);
  await setThreads(3);
  poolNow().tune({...EVERYTHING, callerTakes: false});
  show(reuse, frames[1]);
  const {value, grads} = episode.valueAndGrads((outputs) => tf.mean(outputs as tf.Tensor));
  const expected = tf.tidy(
    () => tf.mean(model.predict(tf.concat(frames.slice(0, 2))) as tf.Tensor).dataSync()[0],
  );
  expect(value.dataSync()[0]).toBeCloseTo(expected, 5);
  tf.dispose([value, grads]);
  reuse.dispose();
});
