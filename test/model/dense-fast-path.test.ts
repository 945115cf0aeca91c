/** Frames that go to the wrapped model because the policy rests: the short way gives and reports what the general one does. */
import * as tf from '@tensorflow/tfjs-core';
import {withReuse, type ReuseModel} from '../../src';
import {DenseFastPath} from '../../src/model/dense-fast-path';
import {backends, useBackend} from '../backends';
import {
  expectClose,
  leftBy,
  plain,
  poke,
  scene,
  SHAPE,
  SIZE,
  smallModel,
  tensorOf,
} from '../promises/helpers';

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  const short = jest.spyOn(DenseFastPath.prototype, 'predict');
  beforeEach(() => short.mockClear());

  /** A model that rests, after the two frames that open the short way. */
  function denseFastPath({open = false} = {}) {
    const model = smallModel({open});
    const reuse = withReuse(model, {policy: 'dense'});
    for (let t = 0; t < 2; t++) tf.tidy(() => void reuse.predict(tensorOf(scene(t))));
    expect(short).toHaveBeenCalledTimes(1);
    short.mockClear();
    return {model, reuse};
  }

  /** A gradient that does not lead through the model: not every backend can go back through a convolution. */
  function predictOnTape(reuse: ReuseModel) {
    tf.tidy(() => {
      tf.grad((x) => {
        reuse.predict(x as tf.Tensor);
        return tf.sum(x);
      })(tensorOf(scene()));
    });
  }

  test('the result and the report are those of a dense frame', () => {
    const {model, reuse} = denseFastPath();
    const frame = scene();
    for (let t = 0; t < 10; t++) {
      tf.tidy(() => {
        const output = reuse.predict(tensorOf(poke(frame, t))) as tf.Tensor;
        expectClose(output.dataSync(), plain(model, frame));
      });
      const report = reuse.lastFrame;
      expect(report).toMatchObject({path: 'dense', reason: "policy is 'dense'", changed: null, layers: []});
      expect(report?.macs).toBe(report?.denseMacs);
      expect(report?.ms).toBeGreaterThan(0);
    }
    expect(short).toHaveBeenCalledTimes(10);
    reuse.dispose();
  });

  test('nothing is left behind', () => {
    const {reuse} = denseFastPath();
    const left = leftBy(() => {
      for (let t = 0; t < 20; t++) {
        const x = tensorOf(scene(t));
        tf.dispose([x, reuse.predict(x) as tf.Tensor]);
      }
    });
    expect(left).toBe(0);
    reuse.dispose();
  });

  test('whatever differs goes the general way', () => {
    const {model, reuse} = denseFastPath({open: true});
    const other = tf.zeros([1, 10, 9, 2]);
    tf.tidy(() => {
      for (const x of [scene(), tensorOf(scene(1, 2 * SIZE), 2), [tensorOf(scene())]]) {
        if (x instanceof Float32Array) expect(() => reuse.predict(x)).toThrow(/does not say its shape/);
        else reuse.predict(x);
      }
      reuse.predict(tensorOf(scene()), {changed: []});
      reuse.predict(other);
      reuse.predict(tf.zeros([1, ...SHAPE], 'int32'));
    });
    other.dispose();
    expect(() => reuse.predict(other)).toThrow(/is disposed/);
    predictOnTape(reuse);
    expect(short).not.toHaveBeenCalled();
    reuse.dispose();
    model.dispose();
  });

  test('a prediction under way, reset() and dispose() close it', async () => {
    const {reuse} = denseFastPath();
    const x = tensorOf(scene());
    const later = reuse.predictAsync(x);
    tf.dispose(reuse.predict(x));
    expect(reuse.lastFrame!.reason).toBe("policy is 'dense'");
    tf.dispose(await later);
    tf.dispose(reuse.predict(x));
    expect(short).not.toHaveBeenCalled();
    reuse.reset();
    expect(reuse.lastFrame).toBeNull();
    tf.dispose(reuse.predict(x));
    expect(short).not.toHaveBeenCalled();
    reuse.dispose();
    expect(() => reuse.predict(x)).toThrow(/is disposed/);
    x.dispose();
  });
});
