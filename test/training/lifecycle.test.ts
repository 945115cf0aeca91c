/** What may happen to an episode before its backward pass: it is right then, or says what is wrong and lets go. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel} from '../../src';
import {engineChanged} from '../../src/engines/shared/changes';
import {wasmEngine} from '../../src/engines/wasm/engine';
import {backends, useBackend} from '../backends';

const {layers} = tfl;
const SHAPE = [6, 7, 2] as const;

const frame = (seed: number) => tf.randomUniform([1, ...SHAPE], -1, 1, 'float32', seed);
const frames = () => [1, 2, 3].map(frame);
const meanOf = (outputs: unknown) => tf.mean(tf.square(outputs as tf.Tensor)) as tf.Scalar;

function classifier(): tfl.LayersModel {
  return tfl.sequential({
    layers: [
      layers.conv2d({inputShape: [...SHAPE], filters: 4, kernelSize: 3, activation: 'relu'}),
      layers.flatten(),
      layers.dense({units: 4}),
      layers.dense({units: 3}),
    ],
  });
}

function play(on: ReuseModel, played: readonly tf.Tensor[]): void {
  played.forEach((x) => tf.dispose(on.predict(x)));
}

function expectGradients(
  actual: tf.NamedTensorMap,
  model: tfl.LayersModel,
  apply: () => tf.Tensor,
  loss: (outputs: tf.Tensor) => tf.Scalar = meanOf,
): void {
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const expected = tf.variableGrads(() => loss(apply()), variables).grads;
  for (const [name, gradient] of Object.entries(expected)) {
    const values = actual[name].dataSync();
    gradient.dataSync().forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));
  }
}

beforeEach(() => useBackend('cpu'));

describe.each(['wasm', 'tfjs'] as const)('on the %s engine', (engine) => {
  let model: tfl.LayersModel;
  let reuse: ReuseModel<tfl.LayersModel>;

  beforeEach(() => {
    model = classifier();
    reuse = withReuse(model, {engine});
  });
  afterEach(() => {
    reuse.dispose();
    model.dispose();
  });

  it('refuses outputs and gradients after the cache was emptied, before the loss is computed', () => {
    const episode = reuse.record();
    play(reuse, frames());
    reuse.cache.clear();
    const loss = jest.fn(meanOf);
    expect(() => episode.valueAndGrads(loss)).toThrow('was emptied');
    expect(() => episode.outputs).toThrow('was emptied');
    expect(loss).not.toHaveBeenCalled();
    episode.dispose();
    reuse.record().dispose();
  });

  it('refuses outputs and gradients after a weight changed, before the loss is computed', () => {
    const episode = reuse.record();
    play(reuse, frames());
    model.layers[3].setWeights(model.layers[3].getWeights().map((weight) => tf.mul(weight, 2)));
    const loss = jest.fn(meanOf);
    expect(() => episode.outputs).toThrow('A weight has changed since');
    expect(() => episode.valueAndGrads(loss)).toThrow('A weight has changed since');
    expect(loss).not.toHaveBeenCalled();
  });

  it('lets go of the stream where the backward pass fails', () => {
    const episode = reuse.record();
    play(reuse, frames());
    const assigning = (outputs: unknown) => {
      model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 2)));
      return meanOf(outputs);
    };
    expect(() => episode.valueAndGrads(assigning)).toThrow('A weight has changed since');
    const next = reuse.record();
    play(reuse, frames());
    expect(() => next.valueAndGrads(meanOf)).not.toThrow();
  });

  (backends.includes('wasm') ? it : it.skip)('outlives a look at another backend', async () => {
    const played = frames();
    const episode = reuse.record();
    play(reuse, played.slice(0, 2));
    await useBackend('wasm');
    expect(() => reuse.predict(frame(1))).toThrow('asks for another, or the model was changed');
    await useBackend('cpu');
    const other = withReuse(classifier());
    play(other, frames());
    play(reuse, played.slice(2));
    const {grads} = episode.valueAndGrads(meanOf);
    expectGradients(grads, model, () => model.apply(tf.concat(played)) as tf.Tensor);
    other.dispose();
  });

  it('is over with its model', () => {
    const own = withReuse(model, {engine});
    const episode = own.record();
    play(own, frames());
    own.dispose();
    expect(() => episode.valueAndGrads(meanOf)).toThrow('is over');
    episode.dispose();
  });

  it('has no outputs before its first frame, and keeps those of its last one', () => {
    const episode = reuse.record();
    expect(() => episode.outputs).toThrow('No frame is recorded yet');
    const [first, ...others] = frames();
    play(reuse, [first]);
    expect((episode.outputs as tf.Tensor).shape).toEqual([1, 3]);
    play(reuse, others);
    tf.dispose(episode.valueAndGrads(meanOf) as never);
    expect(episode.frames).toBe(3);
    expect((episode.outputs as tf.Tensor).shape).toEqual([3, 3]);
    episode.dispose();
  });

  it('leaves what a loss keeps of its outputs', () => {
    const episode = reuse.record();
    play(reuse, frames());
    let kept: tf.Tensor | null = null;
    tf.dispose(
      episode.valueAndGrads((outputs) => {
        kept = tf.keep(outputs as tf.Tensor);
        return meanOf(outputs);
      }) as never,
    );
    expect(kept!.dataSync()).toHaveLength(9);
  });

  it('refuses to go back while a frame is under way', async () => {
    const episode = reuse.record();
    play(reuse, frames());
    const pending = reuse.predictAsync(frame(4));
    expect(() => episode.valueAndGrads(meanOf)).toThrow('still under way');
    tf.dispose(await pending);
    expect(() => episode.valueAndGrads(meanOf)).not.toThrow();
  });

  it('records a first frame over maxBytes as little as any other', () => {
    const episode = reuse.record({maxBytes: 4});
    expect(() => reuse.predict(frame(1))).toThrow('first frame does not fit into maxBytes (4)');
    episode.dispose();
  });

  it('goes through what nobody trains below: a layer that computes itself', () => {
    const own = tfl.sequential({
      layers: [
        layers.permute({inputShape: [...SHAPE], dims: [2, 1, 3]}),
        layers.conv2d({filters: 3, kernelSize: 3, activation: 'relu'}),
        layers.flatten(),
        layers.dense({units: 2}),
      ],
    });
    const wrapped = withReuse(own, {engine});
    const played = frames();
    const episode = wrapped.record();
    play(wrapped, played);
    const {grads} = episode.valueAndGrads(meanOf);
    expectGradients(grads, own, () => own.apply(tf.concat(played)) as tf.Tensor);
    wrapped.dispose();
    own.dispose();
  });

  it('a vector may join what a dense layer gave', () => {
    const [image, facts] = [tfl.input({shape: [...SHAPE]}), tfl.input({shape: [3]})];
    const trunk = layers.conv2d({filters: 3, kernelSize: 3, activation: 'relu'}).apply(image);
    const seen = layers.dense({units: 4}).apply(layers.flatten().apply(trunk)) as tfl.SymbolicTensor;
    const both = layers.concatenate().apply([seen, facts]);
    const outputs = layers.dense({units: 2}).apply(both) as tfl.SymbolicTensor;
    const own = tfl.model({inputs: [image, facts], outputs});
    const wrapped = withReuse(own, {engine});
    const pairs = frames().map((x, i) => [x, tf.randomUniform([1, 3], -1, 1, 'float32', i)]);
    const episode = wrapped.record();
    pairs.forEach((pair) => tf.dispose(wrapped.predict(pair)));
    const {grads} = episode.valueAndGrads(meanOf);
    expectGradients(grads, own, () => tf.concat(pairs.map((pair) => own.apply(pair) as tf.Tensor)));
    wrapped.dispose();
    own.dispose();
  });
});

it('goes on with the engine it began with, where a faster one becomes ready', () => {
  const model = classifier();
  const reuse = withReuse(model);
  const isReady = jest.spyOn(wasmEngine, 'isReady').mockReturnValue(false);
  const played = frames();
  const episode = reuse.record();
  play(reuse, played.slice(0, 1));
  isReady.mockRestore();
  engineChanged();
  play(reuse, played.slice(1));
  const {grads} = episode.valueAndGrads(meanOf);
  expectGradients(grads, model, () => model.apply(tf.concat(played)) as tf.Tensor);
  reuse.dispose();
  model.dispose();
});
