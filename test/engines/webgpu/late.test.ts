/** What the backend is asked while a graph is made, it answers later: until then the model computes what hangs on that. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../src';
import {importLayersModel, lateAnswers} from '../../../src/importers';
import {kinds, numbers, single} from '../../importers/helpers';
import {onWebGpu} from './backend';

onWebGpu('answers that come late', () => {
  it('an enlargement is left to the model until its rows are known, and right all the while', async () => {
    const before = tf.memory().numTensors;
    const shape = [5, 5, 2];
    // Where a device divides by multiplying with an inverse, a fifth may fall short of itself.
    const model = single(layers.upSampling2d({size: [5, 5]}) as layers.Layer, shape);
    const reuse = withReuse(model, {policy: 'incremental'});
    const expectSame = async (seed: number) => {
      const x = tf.tensor(numbers(50, seed), [1, ...shape]);
      const [own, plain] = [reuse, model].map((one) => one.predict(x) as tf.Tensor);
      expect(await own.data()).toEqual(await plain.data());
      tf.dispose([x, own, plain]);
    };
    const answered = lateAnswers();
    expect(kinds(importLayersModel(model, [shape]))).toEqual(['external']);
    await expectSame(1);
    while (lateAnswers() === answered) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(kinds(importLayersModel(model, [shape]))).toEqual(['upsample2d']);
    await expectSame(2);
    await expectSame(3);
    reuse.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
