/** The incremental layers take tfjs's configs, refuse what tfjs refuses, and are named as tfjs names its layers. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {IncrementalConv2D, withReuse} from '../../src';
import {incremental, kinds, sequentialOf, type Kind, messageOf} from './helpers';

type Args = Record<string, unknown>;
type Loadable = tf.serialization.SerializableConstructor<layers.Layer>;

/** An error's message without the layer's name, and without the word for an op with a bias. */
const nameless = (message: string) =>
  message.replace('fused ', '').replace(/(layer|Layer) '?[\w]+'?/g, '$1 ?');

const bad: Args[] = [
  {filters: 2},
  {filters: 2, kernelSize: [1, 2, 3, 4]},
  {filters: 2, kernelSize: 'large'},
  {filters: -1, kernelSize: 3},
  {filters: 2, kernelSize: 3, padding: 'some'},
  {filters: 2, kernelSize: 3, activation: 'relus'},
  {filters: 2, kernelSize: 3, kernelInitializer: 'nothing'},
  {filters: 2, kernelSize: 3, dilationRate: [1, 2, 3, 4]},
  {filters: 2, kernelSize: 3, kernelRegularizer: 'l3'},
];

describe.each(incremental)('$name', (kind: Kind) => {
  it.each(bad)('refuses %j as tfjs does', (args) => {
    expect(messageOf(() => kind.reusing(args))).toBe(messageOf(() => kind.plain(args)));
  });

  it('refuses inputs as tfjs does', () => {
    for (const shape of [
      [2, 2],
      [2, 3, 4, 5, 6],
      [1, ...kind.shape.slice(0, -1), 3],
    ]) {
      const apply = (make: Kind['plain']) => {
        const layer = make({...kind.config, name: 'some'});
        tf.tidy(() => void layer.apply(tf.zeros([1, ...kind.shape])));
        return nameless(messageOf(() => void layer.apply(tf.zeros(shape))));
      };
      expect(apply(kind.reusing)).toBe(apply(kind.plain));
    }
  });

  it("has tfjs's config and its own, and is made again from it", () => {
    const args = {
      inputShape: kind.shape,
      ...kind.config,
      name: 'eye',
      biasRegularizer: 'l1l2',
      trainable: false,
    };
    const layer = kind.reusing({...args, reuse: false, threshold: {relative: 0.5}});
    const config = layer.getConfig();
    expect(config).toEqual({...kind.plain(args).getConfig(), reuse: false, threshold: {relative: 0.5}});
    const Class = layer.constructor as unknown as Loadable;
    const again = Class.fromConfig(Class, JSON.parse(JSON.stringify(config)) as tf.serialization.ConfigDict);
    expect(again.getClassName()).toBe(kind.name);
    expect(again.getConfig()).toEqual(config);
  });

  it('is exact and reuses by default', () => {
    expect(kind.reusing(kind.config).getConfig()).toMatchObject({reuse: true, threshold: 0});
  });

  it('is numbered by its class where it has no name, as tfjs does it', () => {
    const [first, second] = [kind.reusing(kind.config), kind.reusing(kind.config)];
    const snake = kind.name
      .replace(/^Incremental/, 'incremental_')
      .replace(/(?<=[a-z])(?=Conv)/, '_')
      .toLowerCase();
    expect(first.name).toMatch(new RegExp(`^${snake}_${kind.name}\\d+$`));
    expect(Number(/\d+$/.exec(second.name))).toBe(Number(/\d+$/.exec(first.name)) + 1);
  });

  it('takes no number from the layer it stands for', () => {
    const numberOf = () => Number(/\d+$/.exec(kind.plain(kind.config).name));
    const before = numberOf();
    kind.reusing(kind.config);
    expect(numberOf()).toBe(before + 1);
  });

  it.each([
    [-1, /must be a number of at least 0; got -1/],
    [NaN, /must be a number.*got NaN/],
    [Infinity, /must be a number.*got Infinity/],
    ['much', /must be a number.*got 'much'/],
    ['1', /must be a number.*got '1'/],
    [null, /must be a number.*got null/],
    [[1], /must be a number.*got \[1\]/],
    [{relative: -1}, /relative must be a number of at least 0; got -1/],
    [{relative: '1'}, /relative must be a number of at least 0; got '1'/],
    [{absolute: 1}, /has no 'absolute'/],
  ])('refuses the threshold %p', (threshold, message) => {
    expect(() => kind.reusing({...kind.config, name: 'eye', threshold: threshold as number})).toThrow(
      new RegExp(`'eye': threshold.*${message.source}`),
    );
  });
});

describe.each(kinds)('$name', (kind: Kind) => {
  it('begins a model with inputShape or batchInputShape', () => {
    for (const args of [{inputShape: kind.shape}, {batchInputShape: [2, ...kind.shape]}]) {
      const model = sequential({layers: [kind.reusing({...kind.config, ...args})]});
      const own = sequential({layers: [kind.plain({...kind.config, ...args})]});
      expect(model.inputs[0].shape).toEqual(own.inputs[0].shape);
      expect(model.outputs[0].shape).toEqual(own.outputs[0].shape);
    }
  });

  it('names weights as tfjs does, by its own name', () => {
    const names = (make: Kind['plain']) =>
      sequentialOf(kind, make).layers[0].weights.map(({originalName}) => originalName);
    const strip = (all: string[]) => all.map((name) => name.replace(/^[^/]*\//, ''));
    const model = sequentialOf(kind, kind.reusing);
    model.layers[0].weights.forEach(({originalName}) =>
      expect(originalName.split('/')[0]).toBe(model.layers[0].name),
    );
    expect(strip(names(kind.reusing))).toEqual(strip(names(kind.plain)));
  });

  it('starts with the weights in its config', () => {
    const own = kind.plain(kind.config);
    tf.tidy(() => void own.apply(tf.zeros([1, ...kind.shape])));
    const weights = own.getWeights();
    const layer = kind.reusing({...kind.config, weights});
    tf.tidy(() => void layer.apply(tf.zeros([1, ...kind.shape])));
    layer.getWeights().forEach((weight, i) => expect(weight.dataSync()).toEqual(weights[i].dataSync()));
  });
});

describe('withReuse(layer)', () => {
  it("keeps the layer's name, dtype and weights", () => {
    const layer = layers.embedding({inputDim: 5, outputDim: 2, inputLength: 3});
    const reusing = withReuse(layer);
    expect(reusing.name).toBe(layer.name);
    const model = sequential({layers: [reusing]});
    expect(model.inputs[0].dtype).toBe(sequential({layers: [layer]}).inputs[0].dtype);
    expect(reusing.weights).toEqual(layer.weights);
    const x = tf.tensor2d([[0, 4, 2]], [1, 3], 'int32');
    expect((reusing.apply(x) as tf.Tensor).arraySync()).toEqual((layer.apply(x) as tf.Tensor).arraySync());
  });

  it('leaves the weights alone of a layer that was built after it was wrapped', () => {
    const initial = layers.conv2d({
      filters: 1,
      kernelSize: 1,
      useBias: false,
      weights: [tf.ones([1, 1, 1, 1])],
    });
    const reusing = withReuse(initial);
    initial.apply(tf.zeros([1, 2, 2, 1]));
    initial.setWeights([tf.fill([1, 1, 1, 1], 7)]);
    expect((reusing.apply(tf.ones([1, 1, 1, 1])) as tf.Tensor).dataSync()).toEqual(Float32Array.of(7));
  });

  it('follows the layer when its weights are frozen, and freezes them for it', () => {
    const layer = layers.conv2d({filters: 1, kernelSize: 1});
    const reusing = withReuse(layer);
    reusing.apply(tf.zeros([1, 2, 2, 1]));
    layer.trainable = false;
    expect([reusing.trainable, reusing.trainableWeights.length, reusing.nonTrainableWeights.length]).toEqual([
      false,
      0,
      2,
    ]);
    reusing.trainable = true;
    expect([layer.trainable, layer.trainableWeights.length]).toEqual([true, 2]);
  });

  it('wraps a layer that reuses already, and a first layer with its input shape', () => {
    const reusing = withReuse(new IncrementalConv2D({filters: 1, kernelSize: 3, inputShape: [5, 5, 1]}));
    expect(sequential({layers: [reusing]}).predict(tf.zeros([2, 5, 5, 1]))).toMatchObject({
      shape: [2, 3, 3, 1],
    });
  });

  it.each(['engine', 'inputThreshold', 'batch', 'maxBytes', 'verify'])(
    "refuses a model's option, %s",
    (name) => {
      const value = {engine: 'tfjs', batch: 'time', verify: true}[name] ?? 1;
      expect(() => withReuse(layers.conv2d({filters: 1, kernelSize: 1}), {[name]: value})).toThrow(
        `'${name}' is for models`,
      );
    },
  );

  it('has options of its own, to TypeScript too', () => {
    const layer = () => layers.conv2d({filters: 1, kernelSize: 1});
    // @ts-expect-error: the engine is the model's
    expect(() => withReuse(layer(), {engine: 'wasm'})).toThrow("'engine' is for models");
    // @ts-expect-error: a layer's frames go where the model's go
    expect(() => withReuse(layer(), {policy: 'incremental'})).toThrow("policy 'auto' or 'dense'");
    expect(withReuse(layer(), {policy: 'dense', threshold: {relative: 0.1}})).toBeInstanceOf(layers.Layer);
  });

  it('names a class that it cannot load', () => {
    class Unregistered extends layers.Layer {
      static readonly className = 'Unregistered';
    }
    const reusing = withReuse(new Unregistered({}));
    const Class = reusing.constructor as unknown as Loadable;
    expect(() => Class.fromConfig(Class, reusing.getConfig())).toThrow(/'Unregistered'.*registerClass/);
  });
});
