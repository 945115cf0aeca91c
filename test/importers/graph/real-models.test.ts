/**
 * Pretrained models, as `npm run models` installs them: their plans hold nearly all of their work, and every frame gives
 * what the model itself gives. They run on the wasm backend, which is quick enough.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {openSource} from '../../../examples/camera/clips';
import {loadModel} from '../../../examples/camera/load-model';
import type {Picture} from '../../../examples/camera/pictures';
import {resize} from '../../../examples/camera/resize';
import {withReuse} from '../../../src';
import type {Graph} from '../../../src/graph';
import {GraphModelImporter} from '../../../src/importers';
import {denseMacsOf} from '../../../src/model/report';
import {useBackend} from '../../backends';
import {float64} from '../../reference/float64';
import {atScale, every} from '../../scale';
import {macsOf, nodeNamesOf} from './macs';
import {distance, expectEqual, externals} from './playing';
import {noise, OTHERS, PLANNED, whereInstalled, type RealModel} from './real-models';

/** Of the camera's clip. */
const FRAMES = atScale({short: 2, ci: 2, long: 10});
/** Of the clip where a model's tail is judged, and of noise. */
const FEWER_FRAMES = Math.min(FRAMES, 3);

/** What a graph model this deep is held to. */
const TOLERANCE = 1e-4;

type Named = tf.NamedTensorMap;
type Outputs = tf.Tensor[];

const shown = every({short: 12, ci: 1, long: 1}, PLANNED);

let clip: Picture[];

function frameOf(model: GraphModel, {size, encode}: RealModel, picture: Picture): Named {
  const [{name, shape, dtype}] = model.inputs;
  const [height, width] = size;
  const sides = shape![1] === 3 ? [1, 3, ...size] : [1, ...size, shape![3]];
  const values = encode(resize(picture, {height, width}));
  return {[name]: tf.tensor(values, sides, dtype as 'float32' | 'int32')};
}

type Running = Pick<GraphModel, 'execute' | 'executeAsync'>;

async function outputsOf(model: Running, frame: Named, isAsync: boolean, names?: string[]): Promise<Outputs> {
  return [isAsync ? await model.executeAsync(frame, names) : model.execute(frame, names)].flat();
}

function expectAllEqual(
  actual: Outputs,
  expected: Outputs,
  names: readonly string[],
  tolerance: number,
): void {
  expected.forEach((tensor, i) => expectEqual(actual[i], tensor, names[i], tolerance));
}

/** The plan for a frame. */
async function planFor(model: GraphModel, frame: Named): Promise<Graph> {
  const importer = new GraphModelImporter(model);
  const inputs = model.inputs.map(({name, dtype}) => ({
    name,
    shape: frame[name].shape,
    dtype: dtype as 'float32' | 'int32',
  }));
  await importer.prepare(inputs, model.outputNodes);
  return importer.graph(inputs, model.outputNodes);
}

/** A node by itself is its first output. */
const withoutOutput = (name: string) => name.replace(/:0$/, '');

/** What a call has the model compute beyond the plan: what it feeds, and the nodes that it asks for. */
interface TailCall {
  readonly feed: Named;
  readonly names: string[];
}

/** Runs `work`, and gives copies of what the model was called with for its last tail. */
async function tailOf<T>(
  model: GraphModel,
  isAsync: boolean,
  work: () => Promise<T>,
): Promise<[T, TailCall]> {
  const method = isAsync ? 'executeAsync' : 'execute';
  const own = model[method].bind(model) as (feed: Named, names: string[]) => tf.Tensor[];
  const calls: TailCall[] = [];
  const spy = jest.spyOn(model, method).mockImplementation(((feed: Named, names: string[]) => {
    const copies = Object.entries(feed).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]);
    calls.push({feed: Object.fromEntries(copies), names});
    return own(feed, names);
  }) as never);
  const result = await work();
  spy.mockRestore();
  const last = calls.pop()!;
  tf.dispose(calls.map(({feed}) => feed));
  return [result, last];
}

/** Where the model is itself further from float64 than it is to be from a plan: to four times that distance. */
function expectNear(actual: Outputs, expected: Outputs, plan: Graph, frame: Named): void {
  const exact = float64(
    plan,
    Object.values(frame).map((tensor) => tensor.dataSync()),
  );
  expected.forEach((tensor, i) => {
    const own = distance(tensor.dataSync(), exact[i]).error;
    const {error, largest} = distance(actual[i].dataSync(), tensor.dataSync());
    expect(error).toBeLessThanOrEqual(Math.max(TOLERANCE * largest, 4 * own));
  });
}

whereInstalled('pretrained models', () => {
  beforeAll(async () => {
    await useBackend('wasm');
    clip = openSource(undefined, FRAMES);
  });

  describe.each(shown)('$name', (real) => {
    let model: GraphModel;

    beforeAll(async () => {
      model = await loadModel(real.name);
    });
    afterAll(() => model.dispose());

    test('nearly all of its multiply-adds are in the plan', async () => {
      const frame = frameOf(model, real, clip[0]);
      const planned = denseMacsOf(await planFor(model, frame));
      expect(planned).toBeGreaterThanOrEqual(0.95 * (await macsOf(model, frame)));
      tf.dispose(frame);
    });

    test('each frame of a camera gives what the model itself gives', async () => {
      const reuse = withReuse(model, {policy: 'incremental'});
      const before = tf.memory().numTensors;
      for (const picture of clip) {
        const frame = frameOf(model, real, picture);
        const expected = await outputsOf(model, frame, real.isAsync);
        const actual = await outputsOf(reuse, frame, real.isAsync);
        expectAllEqual(actual, expected, model.outputNodes, TOLERANCE);
        tf.dispose([frame, expected, actual]);
      }
      expect(tf.memory().numTensors).toBe(before);
      reuse.dispose();
    });

    /** Where a rank decides, a tail is judged by what it is fed, and by itself. */
    if (real.isRanked) {
      test('its tail is fed what the model has there, and gives what it gives', async () => {
        const reuse = withReuse(model, {policy: 'incremental'});
        for (const picture of clip.slice(0, FEWER_FRAMES)) {
          const frame = frameOf(model, real, picture);
          const [actual, {feed, names}] = await tailOf(model, real.isAsync, () =>
            outputsOf(reuse, frame, real.isAsync),
          );
          const fed = Object.keys(feed);
          const own = await outputsOf(model, frame, real.isAsync, fed);
          expectAllEqual(Object.values(feed), own, fed, TOLERANCE);
          const tail = await outputsOf(model, feed, real.isAsync, names);
          const nodes = nodeNamesOf(model).map(withoutOutput);
          const ofTail = names.map((node) => actual[nodes.indexOf(withoutOutput(node))]);
          expectAllEqual(ofTail, tail, names, 0);
          tf.dispose([frame, actual, feed, own, tail].map((tensors) => Object.values(tensors)));
        }
        reuse.dispose();
      });
    }
  });

  test.each(OTHERS)('$name: frames of noise', async ({name, isAsync = false, isNoisy, refusal}) => {
    const model = await loadModel(name);
    const reuse = withReuse(model, {policy: 'incremental'});
    // Where results are only refused, or judged by float64, one frame says it all.
    const frames = refusal || isNoisy ? 1 : FEWER_FRAMES;
    for (let t = 0; t < frames; t++) {
      const frame = noise(model, t);
      if (refusal) {
        await expect(outputsOf(model, frame, isAsync)).rejects.toThrow(refusal);
        await expect(outputsOf(reuse, frame, isAsync)).rejects.toThrow(refusal);
        continue;
      }
      const expected = await outputsOf(model, frame, isAsync);
      const actual = await outputsOf(reuse, frame, isAsync);
      if (!isNoisy) expectAllEqual(actual, expected, model.outputNodes, TOLERANCE);
      else expectNear(actual, expected, await planFor(model, frame), frame);
      tf.dispose([frame, expected, actual]);
    }
    reuse.dispose();
    model.dispose();
  });

  test('all of posenet is in its plan', async () => {
    const model = await loadModel('posenet');
    expect(externals(await planFor(model, {image: tf.zeros([1, 385, 385, 3])}))).toEqual([]);
  });
});
