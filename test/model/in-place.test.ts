/** A model that reuses where it is: the same object, the same results, nothing of it lost, and given back as it was. */
import {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, LayersModel, model as modelOf, sequential} from '@tensorflow/tfjs-layers';
import {reuseInPlace, reuseOf, ReuseModel, withReuse} from '../../src';
import {useBackend} from '../backends';
import {expectEqual, framesOf} from '../importers/graph/playing';
import {small} from '../promises/small-graph';

beforeAll(() => useBackend('cpu'));

const GRAPH_METHODS = ['predict', 'predictAsync', 'execute', 'executeAsync', 'dispose'] as const;

function smallLayers() {
  return sequential({
    layers: [
      layers.conv2d({inputShape: [9, 8, 2], filters: 3, kernelSize: 3, activation: 'relu'}),
      layers.globalAveragePooling2d({}),
      layers.dense({units: 4}),
    ],
  });
}

/** Some that differ in one corner. */
function pictures(count: number): tf.Tensor4D[] {
  const first = tf.randomUniform<tf.Rank.R4>([1, 9, 8, 2]);
  return Array.from({length: count}, (_, t) => {
    const values = first.dataSync().slice();
    values.fill(t, 0, 2);
    return tf.tensor4d(values, [1, 9, 8, 2]);
  });
}

type Result = tf.Tensor | tf.Tensor[] | tf.NamedTensorMap;

const tensorsIn = (x: Result): tf.Tensor[] => (x instanceof tf.Tensor ? [x] : Object.values(x));

function expectSame(actual: Result, expected: Result): void {
  const given = tensorsIn(actual);
  expect(given).toHaveLength(tensorsIn(expected).length);
  tensorsIn(expected).forEach((tensor, i) => expectEqual(given[i], tensor, `output ${i}`));
}

const valuesOf = (result: unknown) => [...([result].flat()[0] as tf.Tensor).dataSync()];

describe('a GraphModel', () => {
  test('stays the same object with the same members, and answers every call as before', async () => {
    const plain = await small().load();
    const model = await small().load();
    const keys = Object.keys(model);
    expect(reuseInPlace(model, {policy: 'incremental'})).toBe(model);
    expect(model).toBeInstanceOf(GraphModel);
    expect(Object.keys(model)).toEqual(keys);
    const own = Object.getOwnPropertyNames(model).filter((name) => !keys.includes(name));
    expect(own.sort()).toEqual([...GRAPH_METHODS].sort());

    for (const frame of framesOf(model, 4)) {
      const names = ['tail', 'relu'];
      expectSame(model.execute(frame, names), plain.execute(frame, names));
      expectSame(await model.executeAsync(frame, names), plain.execute(frame, names));
      expectSame(model.predict(frame), plain.predict(frame));
      expectSame(await model.predictAsync(frame), plain.predict(frame));
    }
    expect(reuseOf(model)!.lastFrame!.path).toBe('incremental');
  });

  test('is given back its own methods, and the reuse behind it is freed', async () => {
    const model = await small().load();
    const before = {...tf.memory()};
    const methods = GRAPH_METHODS.map((name) => model[name]);
    reuseInPlace(model, {policy: 'incremental'});
    const [frame] = framesOf(model, 1);
    tf.dispose([frame, model.execute(frame)]);
    const reuse = reuseOf(model)!;
    reuse.restore();
    expect(GRAPH_METHODS.map((name) => model[name])).toEqual(methods);
    expect(Object.getOwnPropertyNames(model)).not.toContain('predict');
    expect(reuseOf(model)).toBeNull();
    expect(tf.memory()).toMatchObject({numTensors: before.numTensors, numBytes: before.numBytes});
    expect(() => reuse.predict(frame)).toThrow('is disposed');
  });

  test('frees reuse and then its weights, when it is disposed', async () => {
    const {numTensors} = tf.memory();
    const model = reuseInPlace(await small().load());
    const [frame] = framesOf(model, 1);
    tf.dispose([frame, model.execute(frame)]);
    expect(model.dispose()).toBeUndefined();
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(reuseOf(model)).toBeNull();
  });
});

describe('a LayersModel', () => {
  test('predicts with reuse, and trains, is saved and is asked for inner layers as before', async () => {
    const model = smallLayers();
    const plain = modelOf({inputs: model.inputs, outputs: model.outputs});
    expect(reuseInPlace(model, {policy: 'incremental'})).toBe(model);
    expect(model).toBeInstanceOf(LayersModel);
    const check = () =>
      pictures(4).forEach((frame) => {
        const [given, expected] = [model, plain].map((one) => valuesOf(one.predict(frame)));
        given.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
      });
    check();
    expect(reuseOf(model)!.lastFrame!.path).toBe('incremental');

    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    await model.fit(tf.randomUniform([4, 9, 8, 2]), tf.ones([4, 4]), {epochs: 1, verbose: 0});
    check();
    const [frame] = pictures(1);
    const inner = model.execute(
      frame,
      (model.layers[0].output as (typeof model.outputs)[0]).name,
    ) as tf.Tensor;
    expect(inner.shape).toEqual([1, 7, 6, 3]);
    expect(valuesOf(model.predict(frame, {batchSize: 1, verbose: false}))).toEqual(
      valuesOf(model.predict(frame)),
    );
  });

  test('gives what tfjs gives when it is disposed', () => {
    const {numTensors} = tf.memory();
    const [model, plain] = [reuseInPlace(smallLayers()), smallLayers()];
    expect(model.dispose()).toEqual(plain.dispose());
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test('computes without reuse as a part of another model, which may reuse itself', () => {
    const part = reuseInPlace(smallLayers());
    const start = input({shape: [9, 8, 2]});
    const whole = modelOf({inputs: start, outputs: part.apply(start) as typeof start});
    const [frame] = pictures(1);
    const expected = valuesOf(part.predict(frame));
    valuesOf(whole.predict(frame)).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    reuseInPlace(whole);
    valuesOf(whole.predict(frame)).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  });
});

test('twice is once; other options are refused', async () => {
  const model = reuseInPlace(await small().load(), {policy: 'incremental'});
  const reuse = reuseOf(model);
  expect(reuseInPlace(reuseInPlace(model, {}))).toBe(model);
  expect(reuseOf(model)).toBe(reuse);
  expect(() => reuseInPlace(model, {policy: 'dense'})).toThrow('reuseOf(model).restore() first');
});

test('streams and further wraps share its plans, and end with it', async () => {
  const model = reuseInPlace(await small().load(), {policy: 'incremental'});
  const [frame] = framesOf(model, 1);
  const others = [withReuse(model), reuseOf(model)!.stream()];
  for (const other of others) {
    expect(other).toBeInstanceOf(ReuseModel);
    expectSame(other.execute(frame), model.execute(frame));
  }
  reuseOf(model)!.dispose();
  for (const other of others) expect(() => other.execute(frame)).toThrow('is disposed');
});

test('a wrap with options of its own is one of the model itself', async () => {
  const model = reuseInPlace(await small().load(), {policy: 'dense'});
  const [frame] = framesOf(model, 1);
  const other = withReuse(model, {policy: 'incremental'});
  const behind = jest.spyOn(reuseOf(model)!, 'execute');
  expectSame(other.execute(frame), model.execute(frame));
  expect(behind).toHaveBeenCalledTimes(1);
  reuseOf(model)!.restore();
  other.execute(frame);
  other.dispose();
});

test('a method that somebody else replaced meanwhile stays theirs', async () => {
  const model = reuseInPlace(await small().load());
  const theirs = jest.fn();
  model.execute = theirs;
  reuseOf(model)!.restore();
  expect(model.execute).toBe(theirs);
  expect(Object.getOwnPropertyNames(model)).not.toContain('predict');
});

test('who wraps its methods again is called as before, and after it was restored', async () => {
  const model = reuseInPlace(await small().load(), {policy: 'dense'});
  const [frame] = framesOf(model, 1);
  const ours = model.execute.bind(model);
  const theirs = jest.fn((...given: Parameters<typeof ours>) => ours(...given));
  model.execute = theirs;
  const first = model.execute(frame);
  expect(theirs).toHaveBeenCalledTimes(1);
  reuseOf(model)!.restore();
  expectSame(model.execute(frame), first);
  expect(theirs).toHaveBeenCalledTimes(2);
});

test('calls that come while one is awaited have the right results', async () => {
  const [model, plain] = [reuseInPlace(await small().load(), {policy: 'incremental'}), await small().load()];
  const frames = framesOf(model, 4);
  const results = await Promise.all(frames.map((frame) => model.executeAsync(frame)));
  frames.forEach((frame, t) => expectSame(results[t], plain.execute(frame)));
});

test('what is no model is refused by name', () => {
  expect(() => reuseInPlace({} as LayersModel)).toThrow(
    'reuseInPlace() takes a tf.LayersModel or a tf.GraphModel',
  );
  expect(() => reuseInPlace(withReuse(smallLayers()) as unknown as LayersModel)).toThrow('reuseInPlace()');
  expect(reuseOf(smallLayers())).toBeNull();
});
