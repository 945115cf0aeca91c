/** The float64 reference is itself checked: against tfjs's cpu backend, over random networks that are always the same. */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {importLayersModel} from '../../src/importers';
import {useBackend} from '../backends';
import {applyEdit, buildNetwork, network} from '../properties/networks';
import {float64} from './float64';
import {sample} from '../scale';

beforeAll(() => useBackend('cpu'));

test('agrees with model.predict to float32 rounding', () => {
  fc.assert(
    fc.property(network, (spec) => {
      const model = buildNetwork(spec, 'cpu');
      const frame = new Float32Array(spec.input[0] * spec.input[1] * spec.input[2]);
      applyEdit(frame, spec.input, [{y: 0, x: 0, height: 14, width: 14, seed: spec.seed}]);
      const [exact] = float64(importLayersModel(model, [spec.input]), [frame]);
      tf.tidy(() => {
        const predicted = (model.predict(tf.tensor4d(frame, [1, ...spec.input])) as tf.Tensor).dataSync();
        const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        expect(predicted).toHaveLength(exact.length);
        const worst = exact.reduce((most, value, i) => Math.max(most, Math.abs(value - predicted[i])), 0);
        expect(worst).toBeLessThanOrEqual(1e-5 * largest);
      });
      model.dispose();
    }),
    sample({short: 40, ci: 300, long: 300}),
  );
});
