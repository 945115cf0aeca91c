/** The scale of what a cache holds, on both engines, against the activations themselves. */
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../src/cache';
import {tfjsEngine} from '../../src/engines/tfjs/engine';
import {wasmEngine} from '../../src/engines/wasm/engine';
import {planeOf} from '../../src/graph';
import {importLayersModel} from '../../src/importers';
import {backends, useBackend} from '../backends';
import {cameraClip, cameraModel, SHAPE, tensorOf} from '../calibration/clip';

const sides = backends.flatMap((backend) =>
  [wasmEngine, tfjsEngine].map((engine) => ({backend, engine, name: engine.name})),
);

test.each(sides)('on $backend, engine $name', async ({backend, engine}) => {
  await useBackend(backend);
  const imported = importLayersModel(cameraModel({gated: true}), [[...SHAPE]]);
  const graph = {...imported, outputs: imported.nodes.map(({outputs: [id]}) => id)};
  const program = engine.compile(graph, {thresholds: new Map(), inputThreshold: 0});
  const cache = new ActivationCache();
  expect((await program.rms(cache)).size).toBe(0);
  for (const frame of cameraClip(2, 0.1)) {
    const x = tensorOf(frame);
    const {outputs} = program.run(cache, [x], program.difference(cache, [x], null));
    const before = tf.memory().numTensors;
    const found = await program.rms(cache);
    expect(tf.memory().numTensors).toBe(before);
    expect([...found.keys()]).toEqual(graph.nodes.map(({id}) => id));
    graph.nodes.forEach(({id}, i) => {
      const {channels} = planeOf(graph.values[graph.outputs[i]]);
      const values = outputs[i].dataSync<'float32'>();
      const rms = found.get(id)!;
      expect(rms).toHaveLength(channels);
      rms.forEach((actual, c) => {
        const own = values.filter((_: number, at: number) => at % channels === c);
        const squares = own.reduce((sum: number, value: number) => sum + value * value, 0);
        const expected = Math.sqrt(squares / own.length);
        expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-5 * expected + 1e-12);
      });
    });
    tf.dispose([x, ...outputs]);
  }
  cache.dispose();
  program.dispose();
});
