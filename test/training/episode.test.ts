/** What an episode is to its user: outputs, gradients once, memory given back, and bad use refused before anything is lost. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel, type ReuseOptions} from '../../src';
import {useBackend} from '../backends';

const SHAPE = [6, 7, 2] as const;

function classifier(): tfl.LayersModel {
  const model = tfl.sequential();
  model.add(tfl.layers.conv2d({inputShape: [...SHAPE], filters: 4, kernelSize: 3, activation: 'relu'}));
  model.add(tfl.layers.flatten());
  model.add(tfl.layers.dense({units: 3, activation: 'softmax'}));
  return model;
}

const frame = (seed: number) => tf.randomUniform([1, ...SHAPE], -1, 1, 'float32', seed);

/** A frame, and the next one with one pixel changed. */
function twoFrames(): tf.Tensor[] {
  const first = frame(1);
  const pixel = tf.reshape(tf.oneHot(tf.tensor1d([17], 'int32'), 42), [1, 6, 7, 1]);
  return [first, tf.add(first, pixel)];
}

const meanOf = (outputs: unknown) => tf.mean(tf.square(outputs as tf.Tensor)) as tf.Scalar;

beforeAll(() => useBackend('cpu'));

describe.each(['wasm', 'tfjs'] as const)('on the %s engine', (engine) => {
  const wrap = (plain: tfl.LayersModel, options: ReuseOptions = {}) => withReuse(plain, {engine, ...options});
  let model: tfl.LayersModel;
  let reuse: ReuseModel<tfl.LayersModel>;

  beforeEach(() => {
    model = classifier();
    reuse = wrap(model);
  });
  afterEach(() => {
    reuse.dispose();
    model.dispose();
  });

  /** Plays frames; their results are of no interest. */
  function play(frames: readonly tf.Tensor[], on: ReuseModel = reuse): void {
    frames.forEach((x) => tf.dispose(on.predict(x)));
  }

  describe('outputs', () => {
    it('stacks what predict returned, in the same shape', () => {
      const episode = reuse.record();
      const frames = twoFrames();
      const single = frames.map((x) => reuse.predict(x) as tf.Tensor);
      const stacked = episode.outputs as tf.Tensor;
      expect(stacked.shape).toEqual([2, 3]);
      const expected = tf.concat(single).dataSync();
      stacked.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
      episode.dispose();
      expect(stacked.isDisposed).toBe(true);
    });

    it('counts the rows of a batch as frames', () => {
      const episode = reuse.record();
      tf.dispose(reuse.predict(tf.concat(twoFrames())));
      expect(episode.frames).toBe(2);
    });

    it('gives a list for several outputs, and their losses may be coupled', () => {
      const input = tfl.input({shape: [...SHAPE]});
      const trunk = tfl.layers.conv2d({filters: 3, kernelSize: 3, activation: 'relu'}).apply(input);
      const flat = tfl.layers.flatten().apply(trunk);
      const actor = tfl.layers.dense({units: 2, activation: 'softmax'}).apply(flat) as tfl.SymbolicTensor;
      const critic = tfl.layers.dense({units: 1}).apply(flat) as tfl.SymbolicTensor;
      const both = tfl.model({inputs: input, outputs: [actor, critic]});
      const own = wrap(both);
      const episode = own.record();
      play(twoFrames(), own);
      const {grads} = episode.valueAndGrads((outputs) => {
        const [policy, value] = outputs as tf.Tensor[];
        return tf.sum(tf.mul(tf.sum(policy, 1), tf.squeeze(value, [1]))) as tf.Scalar;
      });
      expect(Object.keys(grads)).toHaveLength(6);
      expect(Object.values(grads).every((gradient) => gradient.shape.length > 0)).toBe(true);
      own.dispose();
      both.dispose();
    });
  });

  describe('valueAndGrads', () => {
    it('names gradients as the variables are named, so that an optimizer applies them', () => {
      const episode = reuse.record();
      play(twoFrames());
      const {value, grads} = episode.valueAndGrads(meanOf);
      expect(Object.keys(grads).sort()).toEqual(model.trainableWeights.map(({name}) => name).sort());
      const before = tf.tidy(() => model.getWeights().map((weight) => weight.dataSync().slice()));
      tf.train.sgd(0.5).applyGradients(grads);
      model.getWeights().forEach((weight, i) => expect([...weight.dataSync()]).not.toEqual([...before[i]]));
      value.dispose();
    });

    it('leaves the next frame to the new weights', () => {
      const [first, second] = twoFrames();
      const episode = reuse.record();
      play([first]);
      tf.train.sgd(0.5).applyGradients(episode.valueAndGrads(meanOf).grads);
      const expected = (model.predict(second) as tf.Tensor).dataSync();
      const actual = (reuse.predict(second) as tf.Tensor).dataSync();
      actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    });

    it('gives frozen layers no gradient, and weights that nothing reached zeros', () => {
      model.layers[0].trainable = false;
      const own = wrap(model);
      const episode = own.record();
      play(twoFrames(), own);
      const {grads} = episode.valueAndGrads(meanOf);
      expect(Object.keys(grads).sort()).toEqual(model.trainableWeights.map(({name}) => name).sort());
      expect(Object.keys(grads)).toHaveLength(2);
      own.dispose();
    });

    it('sums over episodes on several streams', () => {
      const streams = [reuse, reuse.stream()];
      const episodes = streams.map((stream) => stream.record());
      streams.forEach((stream, i) => play([frame(i)], stream));
      const results = episodes.map((episode) => episode.valueAndGrads(meanOf));
      const names = Object.keys(results[0].grads);
      const sums = Object.fromEntries(
        names.map((name) => [name, tf.addN(results.map(({grads}) => grads[name]))]),
      );
      expect(() => tf.train.sgd(0.1).applyGradients(sums)).not.toThrow();
      streams[1].dispose();
    });

    it('refuses a second call', () => {
      const episode = reuse.record();
      play(twoFrames());
      tf.dispose(episode.valueAndGrads(meanOf) as never);
      expect(() => episode.valueAndGrads(meanOf)).toThrow('called before');
    });

    it('refuses an episode of no frame', () => {
      expect(() => reuse.record().valueAndGrads(meanOf)).toThrow('No frame is recorded');
    });

    it('refuses a weight that changed since, and a frame after it', () => {
      const episode = reuse.record();
      const [first, second] = twoFrames();
      play([first]);
      model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 2)));
      expect(() => reuse.predict(second)).toThrow('A weight has changed since');
      expect(() => episode.valueAndGrads(meanOf)).toThrow('A weight has changed since');
    });

    it.each([
      ['no scalar', (outputs: unknown) => tf.square(outputs as tf.Tensor), 'must return a scalar'],
      ['left out', undefined, 'the loss must be a function of the stacked outputs; got undefined'],
      ['a number', () => 5, 'must return a scalar tensor, got 5'],
      ['async', () => Promise.resolve(tf.scalar(1)), 'got a Promise. It must not be async'],
      ['one that ignores the outputs', () => tf.scalar(1), 'does not depend on the outputs'],
    ])('refuses a loss that is %s, and goes on', (_, loss, message) => {
      const episode = reuse.record();
      play(twoFrames());
      expect(() => episode.valueAndGrads(loss as never)).toThrow(message);
      play([frame(3)]);
      expect(episode.frames).toBe(3);
      expect(() => episode.valueAndGrads(meanOf)).not.toThrow();
    });
  });

  describe('record', () => {
    it.each([
      ['a threshold', {threshold: 0.1}, 'threshold'],
      ['a gate', {inputThreshold: 1}, 'inputThreshold'],
      ['a stream for each row', {batch: 'streams' as const}, 'stream() of each'],
    ])('refuses %s', (_, options, message) => {
      expect(() => wrap(model, options).record()).toThrow(message);
    });

    it('refuses a second episode on a stream, until the first is over', () => {
      const episode = reuse.record();
      expect(() => reuse.record()).toThrow('records already');
      episode.dispose();
      reuse.record().dispose();
    });

    it('refuses a model without trainable weights', () => {
      model.trainable = false;
      expect(() => reuse.record()).toThrow('no trainable weight');
    });

    it('refuses layers that it does not know, by name', () => {
      class Odd extends tfl.layers.Layer {
        static className = 'Odd';
        override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
          return tf.abs([inputs].flat()[0]);
        }
      }
      const odd = tfl.sequential();
      odd.add(tfl.layers.conv2d({inputShape: [...SHAPE], filters: 2, kernelSize: 3}));
      odd.add(new Odd({name: 'stranger'}));
      expect(() => wrap(odd).record()).toThrow("'stranger'");
    });

    it('refuses an activation that needs a global pool of itself, by name', () => {
      const input = tfl.input({shape: [...SHAPE]});
      const x = tfl.layers.conv2d({filters: 2, kernelSize: 3}).apply(input) as tfl.SymbolicTensor;
      const pooled = tfl.layers.globalAveragePooling2d({}).apply(x);
      const gate = tfl.layers.reshape({targetShape: [1, 1, 2]}).apply(pooled) as tfl.SymbolicTensor;
      const scaled = tfl.layers.multiply({name: 'squeeze'}).apply([x, gate]) as tfl.SymbolicTensor;
      expect(() => wrap(tfl.model({inputs: input, outputs: scaled})).record()).toThrow("'squeeze'");
    });
  });

  describe('while it records', () => {
    it('refuses variants that leave no trace, and a gradient tape', () => {
      reuse.record();
      play(twoFrames());
      expect(() => reuse.predict(frame(2), {commit: false})).toThrow('leaves no trace');
      const x = frame(2);
      expect(() => tf.variableGrads(() => meanOf(reuse.predict(x)))).toThrow('a gradient tape is on');
    });

    it('reset() loses nothing', () => {
      const episode = reuse.record();
      play([frame(1)]);
      reuse.reset();
      play([frame(2)]);
      expect(episode.frames).toBe(2);
      expect(() => episode.valueAndGrads(meanOf)).not.toThrow();
    });

    it('goes on after a cache was emptied only with a new episode', () => {
      const episode = reuse.record();
      play([frame(1)]);
      reuse.cache.clear();
      expect(() => reuse.predict(frame(2))).toThrow('was emptied');
      episode.dispose();
      play([frame(2)]);
    });
  });

  describe('memory', () => {
    it('counts what frames overwrite, and gives it back', () => {
      const x = twoFrames();
      // The cache itself, which an episode does not own.
      play(x);
      const tensors = tf.memory().numTensors;
      const episode = reuse.record();
      play([x[0]]);
      const first = episode.bytes;
      play([x[1]]);
      expect(episode.bytes).toBeGreaterThan(first);
      episode.dispose();
      expect(episode.bytes).toBe(0);
      expect(tf.memory().numTensors).toBe(tensors);
    });

    it('refuses a frame over maxBytes before anything is lost', () => {
      const episode = reuse.record({maxBytes: 200_000});
      const frames: tf.Tensor[] = [];
      const playMore = () => {
        for (let i = 0; i < 4000; i++) {
          frames.push(frame(i));
          play(frames.slice(-1));
        }
      };
      expect(playMore).toThrow('maxBytes (200000)');
      expect(episode.frames).toBe(frames.length - 1);
      expect(episode.bytes).toBeLessThanOrEqual(200_000);
      // The stream is at the frame before: one that changes nothing fits, and its result is right.
      const last = frames[frames.length - 2];
      const again = (reuse.predict(last) as tf.Tensor).dataSync();
      const plain = (model.predict(last) as tf.Tensor).dataSync();
      again.forEach((value, i) => expect(value).toBeCloseTo(plain[i], 6));

      const unbound = wrap(model);
      const other = unbound.record();
      play([...frames.slice(0, -1), last], unbound);
      const expected = other.valueAndGrads(meanOf).grads;
      const actual = episode.valueAndGrads(meanOf).grads;
      for (const [name, gradient] of Object.entries(expected))
        expect([...actual[name].dataSync()]).toEqual([...gradient.dataSync()]);
      unbound.dispose();
    });
  });
});
