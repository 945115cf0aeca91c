/** A caller's own word on what changed is taken: a pixel it misses stays as it was, unless `verify` is on. */
import * as tf from '@tensorflow/tfjs-core';
import {Region, withReuse} from '../../src';
import {backends, useBackend} from '../backends';
import {expectClose, plain, scene, sidesInTurn, smallModel, valuesOf} from './helpers';

const rect = (y: number, x: number) => ({y, x, height: 1, width: 1});
const at = (y: number, x: number) => 2 * (9 * y + x);

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  test('rectangles, a region and a map say the same', () => {
    const model = smallModel();
    const frame = scene();
    const reuse = withReuse(model, {engine, policy: 'incremental', verify: true});
    tf.dispose(reuse.predict(frame));
    const name = model.inputs[0].sourceLayer.name;
    const ways = [[rect(2, 3)], Region.fromRects(8, 9, [rect(2, 3)]), {[name]: [rect(2, 3)]}, [[rect(2, 3)]]];
    for (const changed of ways) {
      frame[at(2, 3)] += 1;
      expectClose(valuesOf(reuse.predict(frame, {changed})), plain(model, frame));
      expect(reuse.lastFrame?.changed).toBe(1 / 72);
    }
    reuse.dispose();
  });

  test('nothing changed: the result is the last one', () => {
    const reuse = withReuse(smallModel(), {engine, policy: 'incremental'});
    const first = valuesOf(reuse.predict(scene(1)));
    expect(valuesOf(reuse.predict(scene(2), {changed: []}))).toEqual(first);
    expect(reuse.lastFrame?.macs).toBe(0);
    reuse.dispose();
  });

  test('a pixel that is missed keeps its old value until it is named, or frames are compared', () => {
    const model = smallModel();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const frame = scene();
    tf.dispose(reuse.predict(frame));
    const old = frame.slice();
    frame[at(1, 1)] += 1;
    frame[at(5, 5)] += 1;
    old[at(1, 1)] = frame[at(1, 1)];
    expectClose(valuesOf(reuse.predict(frame, {changed: [rect(1, 1)]})), plain(model, old));
    expectClose(valuesOf(reuse.predict(frame)), plain(model, frame));
    reuse.dispose();
  });

  test('verify names what is missed, and leaves the cache as it was', async () => {
    const model = smallModel();
    const reuse = withReuse(model, {engine, policy: 'incremental', verify: true});
    const frame = scene();
    tf.dispose(reuse.predict(frame));
    frame[at(1, 1)] += 1;
    frame[at(5, 4)] += 1;
    const message = /misses 1 of the 2 pixels of input 0.*"y":1,"x":1/;
    expect(() => reuse.predict(frame, {changed: [rect(1, 1)]})).toThrow(message);
    await expect(reuse.predictAsync(frame, {changed: [rect(1, 1)]})).rejects.toThrow(message);
    expectClose(valuesOf(reuse.predict(frame, {changed: [rect(1, 1), rect(5, 4)]})), plain(model, frame));
    reuse.dispose();
  });
});

test.each(backends)(
  'verify blames nobody after weights were assigned: the portable engine on %s',
  async (backend) => {
    await useBackend(backend);
    const model = smallModel();
    const reuse = withReuse(model, {engine: 'tfjs', policy: 'incremental', verify: true});
    const frame = scene();
    valuesOf(reuse.predict(frame));
    tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 2))));
    for (const asynchronous of [false, false, true, true]) {
      frame[at(1, 1)] += 1;
      const options = {changed: [rect(1, 1)]};
      const prediction = asynchronous
        ? await reuse.predictAsync(frame, options)
        : reuse.predict(frame, options);
      expectClose(valuesOf(prediction), plain(model, frame));
    }
    reuse.dispose();
  },
);
