/** A frame's result does not depend on the frames before it: cuts and back, nothing new, and values that are no numbers. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {useBackend} from '../backends';
import {expectClose, plain, poke, scene, SHAPE, sidesInTurn, smallModel, valuesOf} from './helpers';

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  test.each(['auto', 'incremental', 'dense'] as const)("a cut and back, with policy '%s'", (policy) => {
    const model = smallModel({middle: layers.maxPooling2d({poolSize: 2, strides: 1})});
    const reuse = withReuse(model, {engine, policy});
    const [here, there] = [scene(1), scene(2)];
    for (let t = 0; t < 60; t++) {
      const frame = t % 20 < 10 ? here : there;
      if (t % 4 !== 3) poke(frame, t);
      expectClose(valuesOf(reuse.predict(frame)), plain(model, frame));
    }
    reuse.dispose();
  });

  test('an unchanged frame gives the last result, bit for bit, and computes nothing', () => {
    const reuse = withReuse(smallModel(), {engine, policy: 'incremental'});
    const first = valuesOf(reuse.predict(scene()));
    expect(valuesOf(reuse.predict(scene()))).toEqual(first);
    expect(reuse.lastFrame).toMatchObject({path: 'incremental', changed: 0, macs: 0});
    reuse.dispose();
  });

  test.each([NaN, Infinity, -Infinity, -0])('%p among the pixels comes and goes', (value) => {
    // What tensorflow's maximum of NaN is depends on the algorithm it chooses.
    const middle = backend === 'tensorflow' ? undefined : layers.maxPooling2d({poolSize: 2, strides: 1});
    const model = smallModel({middle});
    const [reuse, fresh] = [1, 2].map(() => withReuse(model, {engine, policy: 'incremental'}));
    const clean = scene();
    const first = valuesOf(reuse.predict(clean));
    for (const at of [[0], [40, 41], [142, 60, 7], []]) {
      const frame = clean.slice();
      at.forEach((i) => (frame[i] = value));
      fresh.reset();
      const actual = valuesOf(reuse.predict(frame));
      const expected = valuesOf(fresh.predict(frame));
      // tensorflow may choose another algorithm for another shape: there numbers are close, and the others the same.
      const alike = (a: number, b: number) => Object.is(a, b) || (backend === 'tensorflow' && isClose(a, b));
      expect(expected.filter((number, i) => !alike(actual[i], number))).toHaveLength(0);
    }
    const last = valuesOf(reuse.predict(clean));
    if (backend === 'tensorflow') expectClose(last, first);
    else expect(last).toEqual(first);
    [reuse, fresh].forEach((one) => one.dispose());
  });

  test('−0 is not +0, and the same NaN is the same', () => {
    // Where an op treats NaN otherwise than the backend, the frame is the model's: here, none does.
    const conv = layers.conv2d({filters: 3, kernelSize: 3, inputShape: [...SHAPE]});
    const reuse = withReuse(sequential({layers: [conv]}), {engine, policy: 'incremental'});
    const frame = scene();
    frame[0] = 0;
    tf.dispose(reuse.predict(frame));
    frame[0] = -0;
    tf.dispose(reuse.predict(frame));
    expect(reuse.lastFrame?.changed).toBe(1 / 72);
    frame[0] = NaN;
    tf.dispose(reuse.predict(frame));
    tf.dispose(reuse.predict(frame));
    expect(reuse.lastFrame?.changed).toBe(0);
    reuse.dispose();
  });
});

const isClose = (a: number, b: number) => Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b));
