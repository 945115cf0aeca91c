/** The incremental layers inside plain tfjs models and inside a ReuseModel: everything a model does, with its results. */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as modelOf,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {IncrementalConv2D, withReuse} from '../../src';
import {backends, useBackend} from '../backends';
import {turnOf} from '../scale';
import {
  batchOf,
  editedFrames,
  expectSame,
  functionalOf,
  kinds,
  messageOf,
  pairOf,
  shareValues,
  type Kind,
} from './helpers';

/** What a layer with reuse has beyond tfjs's. */
interface Reusing {
  readonly cacheBytes: number;
  reset(): void;
}

function linesOf(model: LayersModel): string[] {
  const lines: string[] = [];
  model.summary(120, undefined, (line: string) => lines.push(line));
  return lines.filter((line) => /params|Output|\[/.test(line)).map((line) => line.replace(/^.{0,40}/, ''));
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(turnOf(kinds, backend, backends))('$name', (kind: Kind) => {
    it('predicts 30 edited frames as the plain model does', () => {
      const {plain, reusing} = pairOf(kind);
      for (const frame of editedFrames(kind.shape, 30)) {
        const x = batchOf(kind.shape, [frame]);
        expectSame(reusing.predict(x), plain.predict(x));
        x.dispose();
      }
      expect((reusing.layers[0] as unknown as Reusing).cacheBytes).toBeGreaterThan(0);
    });

    it('predicts batches, of frames that follow one another and of none', () => {
      const {plain, reusing} = pairOf(kind);
      const frames = editedFrames(kind.shape, 40, 2);
      for (const [from, to] of [
        [0, 7],
        [7, 8],
        [8, 40],
        [0, 40],
      ]) {
        // prettier-ignore
        const x = batchOf(kind.shape, frames.slice(from, to));
        expectSame(reusing.predict(x, {batchSize: 9}), plain.predict(x, {batchSize: 9}));
        expectSame(reusing.predictOnBatch(x), plain.predictOnBatch(x));
      }
    });

    it('predicts batches of unrelated frames, many times over, however the work is divided', () => {
      const {plain, reusing} = pairOf(kind);
      for (let i = 0; i < 40; i++) {
        const x = tf.randomUniform([4, ...kind.shape], -1, 1);
        expectSame(reusing.predict(x), plain.predict(x));
      }
    });

    it('works in a functional model with the same frame again and again', () => {
      const reusing = functionalOf(kind, kind.reusing(kind.config));
      const plain = functionalOf(kind, kind.plain(kind.config));
      shareValues(plain, reusing);
      const [first, second] = editedFrames(kind.shape, 2, 3);
      for (const frame of [first, first, second, second, first]) {
        const x = batchOf(kind.shape, [frame]);
        expectSame(reusing.predict(x), plain.predict(x));
        expectSame(reusing.apply(x) as tf.Tensor[], plain.apply(x) as tf.Tensor[]);
      }
    });

    it('is applied by itself, with and without arguments', () => {
      const layer = kind.reusing(kind.config);
      const own = kind.plain(kind.config);
      const frames = editedFrames(kind.shape, 6, 4).map((frame) => batchOf(kind.shape, [frame]));
      own.apply(frames[0]);
      layer.apply(frames[0]);
      layer.setWeights(own.getWeights());
      for (const x of frames) {
        expectSame(layer.apply(x) as tf.Tensor, own.apply(x) as tf.Tensor);
        expectSame(layer.call(x, undefined as never), own.call(x, {}));
        expectSame(layer.apply([x]) as tf.Tensor, own.apply([x]) as tf.Tensor);
      }
      // No rows at all: some builds of TensorFlow refuse them, and then both do.
      const emptyOf = (made: layers.Layer) => made.apply(tf.zeros([0, ...kind.shape])) as tf.Tensor;
      const refusal = messageOf(() => void emptyOf(own));
      expect(messageOf(() => void emptyOf(layer))).toBe(refusal);
      if (refusal === 'no error') expectSame(emptyOf(layer), emptyOf(own));
    });

    it('counts, lists and prints its weights as the plain layer does', () => {
      const {plain, reusing} = pairOf(kind);
      expect(reusing.countParams()).toBe(plain.countParams());
      expect(reusing.layers[0].countParams()).toBe(plain.layers[0].countParams());
      expect(reusing.weights.map(({shape}) => shape)).toEqual(plain.weights.map(({shape}) => shape));
      expect(linesOf(reusing)).toEqual(linesOf(plain));
      for (const trainable of [false, true]) {
        for (const model of [plain, reusing]) model.layers[0].trainable = trainable;
        expect(reusing.trainableWeights.length).toBe(plain.trainableWeights.length);
        expect(reusing.nonTrainableWeights.length).toBe(plain.nonTrainableWeights.length);
        expect(linesOf(reusing)).toEqual(linesOf(plain));
      }
    });

    it('notices weights that were set', () => {
      const {plain, reusing} = pairOf(kind);
      const x = batchOf(kind.shape, editedFrames(kind.shape, 1));
      for (let i = 0; i < 4; i++) {
        const weights = plain.getWeights().map((weight) => tf.add(weight, 0.1));
        [plain, reusing].forEach((model) => model.setWeights(weights));
        expectSame(reusing.predict(x), plain.predict(x));
        expectSame(reusing.predict(x), plain.predict(x));
      }
    });

    it('has its call hook called', () => {
      const {reusing} = pairOf(kind);
      const hook = jest.fn();
      reusing.layers[0].setCallHook(hook);
      reusing.predict(tf.zeros([1, ...kind.shape]));
      expect(hook).toHaveBeenCalledTimes(1);
    });

    it('is the plain layer with reuse: false, and keeps nothing', () => {
      const {reusing, plain} = pairOf(kind, {reuse: false});
      if (kind.name.startsWith('withReuse')) return;
      for (const frame of editedFrames(kind.shape, 5)) {
        const x = batchOf(kind.shape, [frame]);
        expectSame(reusing.predict(x), plain.predict(x));
      }
      expect((reusing.layers[0] as unknown as Reusing).cacheBytes).toBe(0);
    });

    it('inside a ReuseModel gives the same', () => {
      const {plain, reusing} = pairOf(kind);
      const model = withReuse(reusing, {policy: 'incremental'});
      for (const frame of editedFrames(kind.shape, 30)) {
        const x = batchOf(kind.shape, [frame]);
        expectSame(model.predict(x) as tf.Tensor, plain.predict(x) as tf.Tensor);
      }
      expect(model.lastFrame?.layers[0]).toMatchObject({
        name: expect.stringContaining(reusing.layers[0].name),
      });
      model.dispose();
    });
  });

  it('a layer at several places, of one shape and of several, gives right results everywhere', () => {
    const build = (shared: layers.Layer): LayersModel => {
      const [a, b] = [input({shape: [8, 8, 2]}), input({shape: [8, 8, 2]})];
      const pool = layers.maxPooling2d({poolSize: 2});
      const at = (x: SymbolicTensor) => shared.apply(x) as SymbolicTensor;
      const small = at(pool.apply(a) as SymbolicTensor);
      return modelOf({inputs: [a, b], outputs: [at(a), at(b), at(at(a)), small]});
    };
    const config = {filters: 2, kernelSize: 3, padding: 'same', biasInitializer: 'randomNormal'} as const;
    const plain = build(layers.conv2d(config));
    const models = [build(new IncrementalConv2D(config)), build(withReuse(layers.conv2d(config)))];
    models.forEach((model) => shareValues(plain, model));
    const wrapped = models.map((model) => withReuse(model, {policy: 'incremental'}));
    const [left, right] = [editedFrames([8, 8, 2], 20, 5), editedFrames([8, 8, 2], 20, 6)];
    left.forEach((frame, i) => {
      const x = [batchOf([8, 8, 2], [frame]), batchOf([8, 8, 2], [right[i]])];
      for (const model of [...models, ...wrapped]) {
        expectSame(model.predict(x) as tf.Tensor[], plain.predict(x) as tf.Tensor[]);
      }
    });
    wrapped.forEach((model) => model.dispose());
  });

  it('takes frames that were cast from integers, whatever lies in their memory', () => {
    const plain = sequential({layers: [layers.conv2d({filters: 2, kernelSize: 3, inputShape: [6, 6, 1]})]});
    const reusing = sequential({
      layers: [new IncrementalConv2D({filters: 2, kernelSize: 3, inputShape: [6, 6, 1]})],
    });
    shareValues(plain, reusing);
    for (let i = 0; i < 4; i++) {
      const pixels = Int32Array.from({length: 36}, (_, k) => (k === i ? 200 : k));
      const x = tf.cast(tf.tensor(pixels, [1, 6, 6, 1], 'int32'), 'float32');
      expectSame(reusing.predict(x), plain.predict(x));
    }
  });

  it('stays within its threshold, absolute and relative', () => {
    const config = {filters: 4, kernelSize: 3, inputShape: [10, 10, 1]};
    const plain = sequential({layers: [layers.conv2d(config)]});
    for (const threshold of [0.05, {relative: 0.05}]) {
      for (const layer of [
        new IncrementalConv2D({...config, threshold}),
        withReuse(layers.conv2d(config), {threshold}),
      ]) {
        const model = sequential({layers: [layer]});
        shareValues(plain, model);
        let limit = typeof threshold === 'object' ? 0 : threshold;
        let frame = new Float32Array(100).fill(1);
        for (let i = 0; i < 60; i++) {
          frame = frame.map((value, k) => ((k * 7 + i) % 13 === 0 ? value + 0.02 : value));
          const x = batchOf([10, 10, 1], [frame]);
          const [actual, expected] = [model.predict(x) as tf.Tensor, plain.predict(x) as tf.Tensor];
          // Of the frame that filled the cache, which may be any so far: the first ones may have gone to the plain layer.
          if (typeof threshold === 'object') {
            const rms = tf.sqrt(tf.mean(tf.square(expected), [0, 1, 2])).dataSync();
            limit = Math.max(limit, threshold.relative * Math.max(...rms));
          }
          expect(tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0]).toBeLessThanOrEqual(limit + 1e-6);
        }
      }
    }
  });

  it('layers that mix rows, remember, or randomize are left to themselves', () => {
    class Sum extends layers.Layer {
      static readonly className = 'SumOverRows';
      override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.add([x].flat()[0], tf.sum([x].flat()[0], 0, true));
      }
    }
    const rnn = {
      units: 2,
      stateful: true,
      returnSequences: true,
      batchInputShape: [1, 3, 2],
      recurrentInitializer: 'glorotNormal' as const,
    };
    const cases: [layers.Layer, layers.Layer, number[]][] = [
      [new Sum({inputShape: [3]}), new Sum({inputShape: [3]}), [4, 3]],
      [layers.simpleRNN(rnn) as layers.Layer, layers.simpleRNN(rnn) as layers.Layer, [1, 3, 2]],
      [
        layers.batchNormalization({inputShape: [4, 4, 2]}),
        layers.batchNormalization({inputShape: [4, 4, 2]}),
        [3, 4, 4, 2],
      ],
      [layers.dropout({rate: 0.5, inputShape: [3]}), layers.dropout({rate: 0.5, inputShape: [3]}), [2, 3]],
    ];
    for (const [own, other, shape] of cases) {
      const plain = sequential({layers: [own]});
      const reusing = sequential({layers: [withReuse(other)]});
      shareValues(plain, reusing);
      for (let i = 0; i < 3; i++) {
        const x = tf.fill(shape, i < 2 ? 1 : 2);
        expectSame(reusing.predict(x), plain.predict(x));
      }
      [plain, reusing].forEach((model) => model.resetStates());
      expectSame(reusing.predict(tf.ones(shape)), plain.predict(tf.ones(shape)));
    }
  });

  it('masks go through as through the plain layer', () => {
    const build = (wrap: (layer: layers.Layer) => layers.Layer) =>
      sequential({
        layers: [
          wrap(layers.masking({maskValue: 0, inputShape: [4, 2]})),
          wrap(layers.simpleRNN({units: 3, recurrentInitializer: 'glorotNormal'}) as layers.Layer),
        ],
      });
    const plain = build((layer) => layer);
    const reusing = build((layer) => withReuse(layer));
    shareValues(plain, reusing);
    const x = tf.tensor([1, 2, 0, 0, 3, 4, 0, 0], [1, 4, 2]);
    for (let i = 0; i < 3; i++) expectSame(reusing.predict(x), plain.predict(x));
  });
});
