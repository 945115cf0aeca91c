/** Frames that are like the one before them: the short way gives and reports what the general one does. */
import * as tf from '@tensorflow/tfjs-core';
import {withReuse, type FrameReport, type ReuseModel, type ReuseOptions} from '../../src';
import {FastPath} from '../../src/model/fast-path';
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
  valuesOf,
} from '../promises/helpers';

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  const short = jest.spyOn(FastPath.prototype, 'predict');
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

  describe('where the engine computes', () => {
    /** Of two streams of one model, one goes the short way; options, even none in them, lead the other the general way. */
    function both(options: ReuseOptions = {}) {
      const model = smallModel();
      const reuse = withReuse(model, {policy: 'incremental', ...options});
      return {model, quick: reuse, general: reuse.stream()};
    }

    test.each<[string, ReuseOptions]>([
      ['exact', {}],
      ['a portable engine', {engine: 'tfjs'}],
      ['a threshold', {threshold: 0.1}],
      ['too few bytes', {maxBytes: 100}],
      ['rows of streams', {batch: 'streams'}],
    ])('results, reports and memory are those of the general way: %s', (_what, options) => {
      const {quick, general} = both(options);
      const frame = scene();
      for (let t = 0; t < 8; t++) {
        if (t % 3 > 0) poke(frame, t);
        if (t === 5) [quick, general].forEach(({cache}) => cache.clear());
        tf.tidy(() => {
          const x = tensorOf(frame);
          expect(valuesOf(quick.predict(x))).toEqual(valuesOf(general.predict(x, {})));
        });
        const [own, other] = [quick, general].map(({lastFrame}) => lastFrame!);
        const told = ({layers, ms: _ms, ...rest}: FrameReport) => ({
          ...rest,
          layers: layers.map(({ms: _layerMs, ...layer}) => layer),
        });
        expect(told(own)).toEqual(told(other));
        expect(quick.cache.bytes).toBe(general.cache.bytes);
      }
      expect(short).toHaveBeenCalledTimes(7);
      [quick, general].forEach((one) => one.dispose());
    });

    test('nothing is left behind', () => {
      const {quick, general} = both();
      tf.tidy(() => void quick.predict(tensorOf(scene())));
      const left = leftBy(() => {
        for (let t = 0; t < 20; t++) {
          const x = tensorOf(scene(t));
          tf.dispose([x, quick.predict(x) as tf.Tensor]);
        }
      });
      expect(left).toBe(0);
      expect(short).toHaveBeenCalledTimes(20);
      [quick, general].forEach((one) => one.dispose());
    });

    test('an assigned weight, another stream with another plan, and a disposed model are noticed', () => {
      const {model, quick, general} = both();
      const x = tensorOf(scene());
      const expectOwn = () =>
        tf.tidy(() => expectClose(valuesOf(quick.predict(x)), valuesOf(model.predict(x) as tf.Tensor)));
      for (let t = 0; t < 3; t++) expectOwn();
      model.layers[0].setWeights(model.layers[0].getWeights().map((weight) => tf.mul(weight, 2)));
      for (let t = 0; t < 3; t++) expectOwn();
      tf.tidy(() => void general.predict(tensorOf(scene(2, 3 * SIZE), 3)));
      for (let t = 0; t < 2; t++) expectOwn();
      expect(short.mock.calls.length).toBeGreaterThan(5);
      short.mockClear();
      model.dispose();
      expect(() => quick.predict(x)).toThrow(/already disposed/);
      expect(short).not.toHaveBeenCalled();
      [x, quick, general].forEach((one) => one.dispose());
    });

    test('an episode records such frames too', () => {
      const {quick, general} = both();
      tf.tidy(() => void quick.predict(tensorOf(scene())));
      const gradientsOf = (predict: (x: tf.Tensor) => void, reuse: ReuseModel) => {
        const episode = reuse.record();
        for (let t = 0; t < 4; t++) tf.tidy(() => predict(tensorOf(scene(t))));
        const {value, grads} = episode.valueAndGrads((y) => tf.sum(y as tf.Tensor));
        const values = Object.values(grads).map((gradient) => gradient.dataSync());
        tf.dispose([value, grads]);
        return values;
      };
      const own = gradientsOf((x) => void quick.predict(x), quick);
      expect(short).toHaveBeenCalledTimes(3);
      expect(own).toEqual(gradientsOf((x) => void general.predict(x, {}), general));
      [quick, general].forEach((one) => one.dispose());
    });
  });
});
