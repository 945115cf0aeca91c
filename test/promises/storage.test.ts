/** Nothing is shared: one frame buffer may be refilled, an old result kept, and either overwritten. */
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as modelOf, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel} from '../../src';
import {useBackend} from '../backends';
import {expectClose, plain, poke, scene, SHAPE, sidesInTurn, smallModel, valuesOf} from './helpers';

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  const model = () => smallModel();
  const ways: [string, (reuse: ReuseModel, buffer: Float32Array) => tf.Tensor][] = [
    ['a typed array', (reuse, buffer) => reuse.predict(buffer) as tf.Tensor],
    [
      'a tensor over the array',
      (reuse, buffer) => reuse.predict(tf.tensor(buffer, [1, ...SHAPE])) as tf.Tensor,
    ],
  ];

  describe.each(['incremental', 'auto', 'dense'] as const)("with policy '%s'", (policy) => {
    test.each(ways)('one buffer is refilled for every frame: %s', (_way, predict) => {
      const wrapped = model();
      const reuse = withReuse(wrapped, {engine, policy});
      const buffer = new Float32Array(scene().length);
      const frame = scene();
      for (let t = 0; t < 30; t++) {
        buffer.set(poke(frame, t));
        tf.tidy(() => expectClose(predict(reuse, buffer).dataSync(), plain(wrapped, frame)));
        buffer.fill(NaN);
      }
      reuse.dispose();
    });

    test.each(ways)('an output is kept over ten frames, and overwritten: %s', (_way, predict) => {
      const wrapped = model();
      const reuse = withReuse(wrapped, {engine, policy});
      const frame = scene();
      tf.tidy(() => {
        const kept = predict(reuse, frame);
        const first = kept.dataSync().slice();
        for (let t = 0; t < 10; t++) {
          const output = predict(reuse, poke(frame, t));
          expectClose(output.dataSync(), plain(wrapped, frame));
          output.dataSync().fill(1234);
        }
        expect(kept.dataSync()).toEqual(first);
        expectClose(predict(reuse, frame).dataSync(), plain(wrapped, frame));
      });
      reuse.dispose();
    });
  });

  test('outputs of an unchanged frame are tensors of their own each time', () => {
    const reuse = withReuse(model(), {engine, policy: 'incremental'});
    const [a, b] = [reuse.predict(scene()), reuse.predict(scene())] as tf.Tensor[];
    expect(a.dataId).not.toBe(b.dataId);
    const expected = b.dataSync().slice();
    a.dataSync().fill(7);
    a.dispose();
    expect(valuesOf(b)).toEqual(expected);
    reuse.dispose();
  });

  test('an output that is the input itself, reshaped, is a copy', () => {
    const x = input({shape: [4, 4, 1]});
    const flat = modelOf({inputs: x, outputs: layers.flatten().apply(x) as SymbolicTensor});
    const reuse = withReuse(flat, {engine, policy: 'incremental'});
    const frame = scene(1, 16);
    const output = reuse.predict(frame) as tf.Tensor;
    const kept = output.dataSync().slice();
    frame[0] = 99;
    tf.dispose(reuse.predict(frame));
    expect(output.dataSync()).toEqual(kept);
    output.dataSync().fill(5);
    expect(reuse.run(frame)).toEqual(frame);
    reuse.dispose();
  });

  test.each(['dense', 'auto'] as const)(
    "an output that the model itself makes of a caller's array is a copy: policy '%s'",
    (policy) => {
      const x = input({shape: [4, 4, 1]});
      const flat = modelOf({inputs: x, outputs: layers.flatten().apply(x) as SymbolicTensor});
      const reuse = withReuse(flat, {engine, policy});
      const frame = scene(1, 16);
      for (let t = 0; t < 12; t++) {
        const output = reuse.predict(frame) as tf.Tensor;
        const expected = frame.slice();
        poke(frame, t);
        expect(output.dataSync()).toEqual(expected);
        const before = frame.slice();
        output.dataSync().fill(5);
        expect(frame).toEqual(before);
        output.dispose();
      }
      reuse.dispose();
    },
  );

  test('pixels that were whole numbers and are cast to floats are read as what they are', () => {
    const wrapped = model();
    const reuse = withReuse(wrapped, {engine, policy: 'incremental'});
    const frame = Int32Array.from(scene(), (value) => Math.round(100 * value));
    for (let t = 0; t < 5; t++) {
      frame[7 * t] += 3;
      tf.tidy(() => {
        const x = tf.cast(tf.tensor(frame.slice(), [1, ...SHAPE], 'int32'), 'float32');
        const expected = plain(wrapped, Float32Array.from(frame));
        expectClose((reuse.predict(x) as tf.Tensor).dataSync(), expected);
      });
    }
    reuse.dispose();
  });
});
