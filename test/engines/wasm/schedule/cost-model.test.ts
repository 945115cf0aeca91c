/** What a frame is forecast to take is the same whether its change was compared or is the caller's word. */
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../../../src/cache';
import {wasmEngine} from '../../../../src/engines/wasm/engine';
import {importLayersModel} from '../../../../src/importers';
import {Region} from '../../../../src/region';
import {useBackend} from '../../../backends';
import {scene, SHAPE, smallModel} from '../../../promises/helpers';

beforeAll(() => useBackend('cpu'));

test.each([
  ['a pixel after a large change', 60, 1],
  ['a large change after a pixel', 1, 60],
])('%s', (_name, before, after) => {
  const graph = importLayersModel(smallModel(), [[...SHAPE]]);
  const program = wasmEngine.compile(graph, {thresholds: new Map(), inputThreshold: 0});
  const cache = new ActivationCache();
  const values = scene();
  const show = () => [{data: values, stride: 2}];
  const change = (pixels: number) => {
    for (let i = 0; i < 2 * pixels; i++) values[i] += 1;
    return Region.fromMask(
      8,
      9,
      Array.from({length: 72}, (_, i) => Number(i < pixels)),
    );
  };
  const run = (given: Region[] | null) => {
    const frame = show();
    tf.dispose(program.run(cache, frame, program.difference(cache, frame, given)).outputs);
  };
  run(null);
  change(before);
  run(null);
  const region = change(after);
  const {costModel} = program;
  const told = costModel!.forecast(cache, program.difference(cache, show(), [region]));
  const compared = costModel!.forecast(cache, program.difference(cache, show(), null));
  expect(told).toBe(compared);
  expect(told).toBeLessThanOrEqual(costModel!.fullMs);
  cache.dispose();
  program.dispose();
});
