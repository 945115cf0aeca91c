/**
 * Pretrained models, as `npm run models` installs them, over a few frames of the camera's clip on the WebGPU engine. What is
 * expected is what the model itself gives on the wasm backend, which is quicker than a processor that plays a GPU.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {openSource} from '../../../examples/camera/clips';
import {loadModel} from '../../../examples/camera/load-model';
import type {Picture} from '../../../examples/camera/pictures';
import {resize} from '../../../examples/camera/resize';
import {withReuse} from '../../../src';
import {GraphModelImporter} from '../../../src/importers';
import {useBackend} from '../../backends';
import {distance} from '../../importers/graph/playing';
import {PLANNED, whereInstalled, type RealModel} from '../../importers/graph/real-models';
import {float64} from '../../reference/float64';
import {atScale, every} from '../../scale';
import {onWebGpu, useWebGpu} from './backend';

const FRAMES = atScale({short: 2, ci: 2, long: 4});
/** For a model; a driver that plays a GPU takes seconds for a frame of the deepest. */
const TIMEOUT_MS = atScale({short: 5, ci: 5, long: 30}) * 60_000;

/** What a graph model this deep is held to; or, where its own float32 results are that far from float64, four times that. */
const TOLERANCE = 1e-4;

const STEP = {short: 3, ci: 2, long: 1} as const;
const namedWhere = (isAsync: boolean) =>
  every(
    STEP,
    PLANNED.filter((real) => real.isAsync === isAsync),
  ).map((real) => [real.name, real] as const);

const played = namedWhere(false);

/**
 * What tfjs runs of them, it reads shapes from at once; its webgpu backend takes a canvas to do that, and Node has none.
 * test/browser/webgpu-models.test.ts plays them where there is one.
 */
const awaited = namedWhere(true);

type Values = {readonly values: tf.TypedArray; readonly shape: readonly number[]; readonly dtype: string}[];

function frameOf(model: GraphModel, {size, encode}: RealModel, picture: Picture): tf.NamedTensorMap {
  const [{name, shape, dtype}] = model.inputs;
  const [height, width] = size;
  const sides = shape![1] === 3 ? [1, 3, ...size] : [1, ...size, shape![3]];
  const values = encode(resize(picture, {height, width}));
  return {[name]: tf.tensor(values, sides, dtype as 'float32' | 'int32')};
}

type Running = Pick<GraphModel, 'execute' | 'executeAsync'>;

async function play(model: GraphModel, running: Running, real: RealModel, clip: readonly Picture[]) {
  const all: Values[] = [];
  for (const picture of clip) {
    const frame = frameOf(model, real, picture);
    const outputs = [real.isAsync ? await running.executeAsync(frame) : running.execute(frame)].flat();
    const values = await Promise.all(outputs.map((tensor) => tensor.data()));
    all.push(outputs.map(({shape, dtype}, i) => ({values: values[i].slice(), shape, dtype})));
    tf.dispose([frame, outputs]);
  }
  return all;
}

/** What float64 computes for a frame, of a model all of whose nodes are in its plan. */
async function exactly(real: RealModel, picture: Picture): Promise<Float64Array[]> {
  await useBackend('wasm');
  const model = await loadModel(real.name);
  const frame = frameOf(model, real, picture);
  const inputs = model.inputs.map(({name, dtype}) => ({
    name,
    shape: frame[name].shape,
    dtype: dtype as 'float32' | 'int32',
  }));
  const plan = new GraphModelImporter(model).graph(inputs, model.outputNodes);
  const exact = float64(
    plan,
    Object.values(frame).map((tensor) => tensor.dataSync()),
  );
  tf.dispose(frame);
  model.dispose();
  await useWebGpu();
  return exact;
}

async function expectEqual(
  actual: Values,
  expected: Values,
  names: readonly string[],
  exact: () => Promise<Float64Array[]>,
): Promise<void> {
  for (const [i, {values, shape, dtype}] of expected.entries()) {
    expect([names[i], actual[i].dtype, actual[i].shape]).toEqual([names[i], dtype, shape]);
    const {error, largest, at} = distance(actual[i].values, values);
    if (error <= TOLERANCE * largest) continue;
    const own = distance(values, (await exact())[i]).error;
    if (error <= 4 * own) continue;
    throw new Error(
      `${names[i]}: off by ${error} at ${at}, largest magnitude ${largest}, the model from float64 ${own}`,
    );
  }
}

onWebGpu('with pretrained models', () => {
  whereInstalled('of the camera', () => {
    const clip = openSource(undefined, FRAMES);

    test.each(played)(
      '%s',
      async (name, real) => {
        await useBackend('wasm');
        const model = await loadModel(name);
        const expected = await play(model, model, real, clip);
        model.dispose();
        await useWebGpu();
        const same = await loadModel(name);
        const before = tf.memory().numTensors;
        const reuse = withReuse(same, {policy: 'incremental', engine: 'webgpu'});
        const actual = await play(same, reuse, real, clip);
        const report = await reuse.report();
        process.stdout.write(
          `${name}: ${(report!.macs / report!.denseMacs).toFixed(2)} of the multiply-adds\n`,
        );
        for (const [t, outputs] of actual.entries())
          await expectEqual(outputs, expected[t], same.outputNodes, () => exactly(real, clip[t]));
        reuse.dispose();
        expect(tf.memory().numTensors).toBe(before);
        same.dispose();
      },
      TIMEOUT_MS,
    );

    test.each(awaited)(
      '%s is refused with the error of the model itself',
      async (name, real) => {
        await useWebGpu();
        const model = await loadModel(name);
        const reuse = withReuse(model, {policy: 'incremental', engine: 'webgpu'});
        const frames = clip.slice(0, 1);
        await expect(play(model, model, real, frames)).rejects.toThrow(/OffscreenCanvas is not defined/);
        await expect(play(model, reuse, real, frames)).rejects.toThrow(/OffscreenCanvas is not defined/);
        reuse.dispose();
        model.dispose();
      },
      TIMEOUT_MS,
    );
  });
});
