/**
 * Pretrained models, as `npm run models` installs them: their plans hold nearly all of their work, and every frame gives
 * what the model itself gives. They run on the wasm backend, which is quick enough.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {openFilm} from '../../../examples/camera/films';
import {loadModel} from '../../../examples/camera/load-model';
import {withReuse} from '../../../src';
import {GraphModelImporter} from '../../../src/importers';
import {denseMacsOf} from '../../../src/model/summary';
import {useBackend} from '../../backends';
import {macsOf} from './macs';
import {expectEqual} from './playing';
import {noise, OTHERS, PLANNED, whereInstalled, type RealModel} from './real-models';

const FRAMES = Number(process.env['REUSE_FRAMES'] ?? 30);
const TOLERANCE = 1e-4;

type Named = tf.NamedTensorMap;

function pictures({size: [height, width]}: RealModel, count: number) {
  return openFilm({film: 'camera', frames: count}, {height, width});
}

function frameOf(
  model: GraphModel,
  {size, encode}: RealModel,
  picture: Parameters<RealModel['encode']>[0],
): Named {
  const [{name, shape, dtype}] = model.inputs;
  const isFirst = shape![1] === 3;
  const sides = isFirst ? [1, 3, ...size] : [1, ...size, shape![3]];
  return {[name]: tf.tensor(encode(picture), sides, dtype as 'float32' | 'int32')};
}

async function ofModel(model: GraphModel, frame: Named, isAsync: boolean): Promise<tf.Tensor[]> {
  const outputs = isAsync ? await model.executeAsync(frame) : model.execute(frame);
  return [outputs].flat();
}

whereInstalled('pretrained models', () => {
  beforeAll(() => useBackend('wasm'));

  test.each(PLANNED.map((real) => [real.name, real] as const))(
    '%s: nearly all of its multiply-adds are in the plan',
    async (name, real) => {
      const model = await loadModel(name);
      const [picture] = pictures(real, 1);
      const frame = frameOf(model, real, picture);
      const importer = new GraphModelImporter(model);
      const inputs = model.inputs.map((input) => ({
        name: input.name,
        shape: frame[input.name].shape,
        dtype: input.dtype as 'float32' | 'int32',
      }));
      await importer.prepare(inputs, model.outputNodes);
      const planned = denseMacsOf(importer.graph(inputs, model.outputNodes));
      const all = await macsOf(model, frame);
      console.log(
        name,
        planned / all,
        all,
        importer
          .graph(inputs, model.outputNodes)
          .nodes.filter(({op}) => op.kind === 'external')
          .map(({op}) => (op as any).label + (op as any).pure),
      );
      expect(planned).toBeGreaterThanOrEqual(0.95 * all);
      tf.dispose(frame);
      model.dispose();
    },
    60_000,
  );

  test.each(PLANNED.map((real) => [real.name, real] as const))(
    `%s: ${FRAMES} frames of a camera, each what the model itself gives`,
    async (name, real) => {
      const model = await loadModel(name);
      const reuse = withReuse(model, {policy: 'incremental'});
      const before = tf.memory().numTensors;
      const times = [0, 0];
      for (const [t, picture] of pictures(real, FRAMES).entries()) {
        const frame = frameOf(model, real, picture);
        const s = performance.now();
        const expected = await ofModel(model, frame, real.isAsync);
        const e = performance.now();
        const actual = [real.isAsync ? await reuse.executeAsync(frame) : reuse.execute(frame)].flat();
        times[0] += e - s;
        times[1] += performance.now() - e;
        for (const [i, tensor] of expected.entries()) {
          try {
            expectEqual(actual[i], tensor, `frame ${t}, ${model.outputNodes[i]}`, TOLERANCE);
          } catch (e) {
            console.log(name, String(e));
          }
        }
        tf.dispose([frame, expected, actual]);
      }
      console.log(name, times);
      expect(tf.memory().numTensors).toBe(before);
      reuse.dispose();
      model.dispose();
    },
    120_000,
  );

  test.each(OTHERS)(
    '%s: three frames of noise',
    async (entry) => {
      const name = entry.replace('!', '');
      const isAsync = entry.endsWith('!');
      const model = await loadModel(name);
      const reuse = withReuse(model, {policy: 'incremental'});
      for (let t = 0; t < 3; t++) {
        const frame = noise(model, t);
        const expected = await ofModel(model, frame, isAsync);
        const actual = [isAsync ? await reuse.executeAsync(frame) : reuse.execute(frame)].flat();
        expected.forEach((tensor, i) =>
          expectEqual(actual[i], tensor, `frame ${t}, ${model.outputNodes[i]}`, TOLERANCE),
        );
        tf.dispose([frame, expected, actual]);
      }
      reuse.dispose();
      model.dispose();
    },
    60_000,
  );
});
