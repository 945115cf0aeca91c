/** A GraphModel keeps its signatures: predict, execute and executeAsync by name; an unchanged frame does not run it. */
import * as tf from '@tensorflow/tfjs-core';
import {loadGraphModel, type GraphModel} from '@tensorflow/tfjs-converter';
import {Region, withReuse} from '../../src';
import {useBackend} from '../backends';
import {TfGraph} from '../importers/graph/tf-graph';
import {numbers} from '../importers/helpers';
import {expectClose, poke, sidesInTurn} from './helpers';

const FLOAT = {T: {type: 'DT_FLOAT'}};
const dim = [1, 4, 4, 2].map((size) => ({size: String(size)}));

/** Two texts as the weights of a model hold them, each with its length before it. */
const LABELS = Uint8Array.of(1, 0, 0, 0, 65, 2, 0, 0, 0, 66, 67);

/**
 * max(x, 0) and its negative, from an x of [1, 4, 4, 2].
 * @param isNamed whether two texts stand beside them
 */
function load(isNamed = false): Promise<GraphModel> {
  const node = [
    {name: 'x', op: 'Placeholder', attr: {dtype: {type: 'DT_FLOAT'}, shape: {shape: {dim}}}},
    {name: 'relu', op: 'Relu', input: ['x'], attr: FLOAT},
    {name: 'neg', op: 'Neg', input: ['relu'], attr: FLOAT},
  ];
  const text = {type: 'DT_STRING'};
  const labels = [
    {name: 'labels', op: 'Const', attr: {dtype: text}},
    {name: 'same', op: 'Identity', input: ['labels'], attr: {T: text}},
  ];
  const modelTopology = {
    node: [...node, ...(isNamed ? labels : [])],
    versions: {producer: 1},
    library: {},
  };
  const weightSpecs = isNamed ? [{name: 'labels', shape: [2], dtype: 'string' as const}] : [];
  return loadGraphModel(tf.io.fromMemory({modelTopology, weightSpecs, weightData: LABELS.buffer}));
}

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  test('predict, execute and their asynchronous forms give what the model gives', async () => {
    const model = await load();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const frame = numbers(32);
    const before = tf.memory().numTensors;
    for (let t = 0; t < 5; t++) {
      const x = tf.tensor4d(poke(frame, t).slice(), [1, 4, 4, 2]);
      const pairs = [
        [reuse.predict(x), model.predict(x)],
        [await reuse.predictAsync({x}), await model.predictAsync(x)],
        [reuse.execute({x}, 'relu'), model.execute({x}, 'relu')],
        [reuse.execute({x}, ['neg', 'relu']), model.execute({x}, ['neg', 'relu'])],
        [await reuse.executeAsync({x}, ['relu']), await model.executeAsync({x}, ['relu'])],
      ] as [tf.Tensor | tf.Tensor[], tf.Tensor | tf.Tensor[]][];
      for (const [actual, expected] of pairs) {
        expect(Array.isArray(actual)).toBe(Array.isArray(expected));
        [actual].flat().forEach((tensor, i) => {
          expect(tensor.shape).toEqual([expected].flat()[i].shape);
          expectClose(tensor.dataSync(), [expected].flat()[i].dataSync());
        });
        tf.dispose([actual, expected]);
      }
      x.dispose();
    }
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('whatever names the model bears, and whatever options', async () => {
    const model = await load();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const frame = numbers(32);
    const before = tf.memory().numTensors;
    const names = [undefined, null, '', [], ['neg', 'neg'], ['x'], ['relu:0']] as string[][];
    const others = [
      undefined,
      null,
      {},
      {foo: 1},
      {batchSize: 0},
      {batchSize: 'all', verbose: 'no'},
      5,
      'all',
      true,
    ] as object[];
    const shown = (result: tf.Tensor | tf.Tensor[] | undefined) =>
      result === undefined ? result : [result].flat().map((tensor) => [tensor.shape, [...tensor.dataSync()]]);
    for (const [t, own] of names.entries()) {
      const x = tf.tensor4d(poke(frame, t).slice(), [1, 4, 4, 2]);
      const expected = model.execute(x, own);
      const results = [reuse.execute(x, own), await reuse.executeAsync(x, own)] as (
        tf.Tensor | tf.Tensor[] | undefined
      )[];
      for (const actual of results) {
        expect(Array.isArray(actual)).toBe(Array.isArray(expected));
        expect(shown(actual)).toEqual(shown(expected));
      }
      for (const options of others) {
        const [actual, plain] = [reuse.predict(x, options), model.predict(x, options)] as tf.Tensor[];
        expect(shown(actual)).toEqual(shown(plain));
        tf.dispose([actual, plain]);
      }
      // Asked for its input, a model hands out the very tensor that it was given.
      tf.dispose([results.filter((one) => one), expected ?? [], x]);
    }
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('text among the outputs is handed out as it is, and nothing is left behind', async () => {
    const model = await load(true);
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const frame = numbers(32);
    const before = tf.memory().numTensors;
    for (const outputs of [['labels'], ['neg', 'same'], ['neg', 'same'], ['same', 'labels', 'relu']]) {
      const x = tf.tensor4d(poke(frame, 1).slice(), [1, 4, 4, 2]);
      const [actual, expected] = [reuse, model].map((own) => [own.execute(x, outputs)].flat());
      actual.forEach((tensor, i) => {
        expect([tensor.dtype, tensor.shape]).toEqual([expected[i].dtype, expected[i].shape]);
        expect(tensor.dataSync()).toEqual(expected[i].dataSync());
        expect(tensor).not.toBe(model.weights['labels'][0]);
      });
      tf.dispose([actual, expected.filter((tensor) => tensor !== model.weights['labels'][0]), x]);
    }
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    [[{y: 0, x: 0, height: 1, width: 1}], 'predict: options must be an object like {changed, commit}'],
    [Region.full(4, 4), 'predict: options must be an object like {changed, commit}'],
  ])('what changed in the place of the options is refused', async (given, message) => {
    const reuse = withReuse(await load(), {engine});
    expect(() => reuse.predict(new Float32Array(32), given as object)).toThrow(message);
    reuse.dispose();
  });

  test.each(['DT_BFLOAT16', 'DT_INT4'])('an input of a type that tfjs does not know: %s', async (type) => {
    const graph = new TfGraph();
    graph.node('Relu', [graph.input('x', [1, 4, 4, 2], {type})]);
    const model = await graph.load();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    tf.tidy(() => {
      const x = tf.tensor4d(numbers(32), [1, 4, 4, 2]);
      const [actual, expected] = [reuse.predict(x), model.predict(x)] as tf.Tensor[];
      expect(actual.dataSync()).toEqual(expected.dataSync());
    });
    reuse.dispose();
  });

  test('a table that the model fills when it loads is no input to be given', async () => {
    const graph = new TfGraph();
    const relu = graph.node('Relu', [graph.input('x', [1, 4, 4, 2])]);
    graph.input('table', [], {type: 'DT_RESOURCE'});
    const made = graph.floats([]);
    const artifacts = graph.artifacts();
    const {node} = artifacts.modelTopology;
    const model = await loadGraphModel(
      tf.io.fromMemory({
        ...artifacts,
        signature: {inputs: {x: {name: 'x:0'}, table: {name: 'table:0', resourceId: 1}}},
        modelInitializer: {node: node.filter(({name}) => name === made)},
        initializerSignature: {outputs: {[made]: {name: made, resourceId: 1}}},
      }),
    );
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    tf.tidy(() => {
      const x = tf.tensor4d(numbers(32), [1, 4, 4, 2]);
      const [actual, expected] = [reuse.execute(x, relu), model.execute(x, relu)] as tf.Tensor[];
      expect(actual.dataSync()).toEqual(expected.dataSync());
    });
    reuse.dispose();
  });

  test('nodes in the midst are fed by name, and the stream goes on as if nothing had been', async () => {
    const model = await load();
    const reuse = withReuse(model, {engine, policy: 'incremental', verify: true});
    const frame = numbers(32);
    const tensor = () => tf.tensor4d(frame.slice(), [1, 4, 4, 2]);
    const expectSame = (actual: unknown, expected: unknown) => {
      const values = [actual, expected].map((one) => (one as tf.Tensor).dataSync());
      expect(values[0]).toEqual(values[1]);
      tf.dispose([actual, expected] as tf.Tensor[]);
    };
    const before = tf.memory().numTensors;
    for (let t = 0; t < 3; t++) {
      const x = tensor();
      expectSame(reuse.predict(x), model.predict(x));
      for (const fed of [{relu: x}, {x, relu: x}, {'relu:0': x}] as unknown as tf.NamedTensorMap[]) {
        expectSame(reuse.execute(fed, 'neg'), model.execute(fed, 'neg'));
        expectSame(await reuse.executeAsync(fed, 'neg'), model.execute(fed, 'neg'));
        expectSame(reuse.predict(fed), model.predict(fed));
      }
      // Handed out is never the very tensor that was given.
      const same = reuse.execute({relu: x}, 'relu') as tf.Tensor;
      expect(same).not.toBe(x);
      frame[t] += 1;
      const next = tensor();
      const changed = [{y: 0, x: 0, height: 1, width: 4}];
      expectSame(reuse.predict(next, {changed}), model.predict(next));
      expect(reuse.lastFrame!.path).toBe('incremental');
      tf.dispose([x, same, next]);
    }
    expect(() => reuse.execute({nobody: tf.ones([1])}, 'neg')).toThrow("has no input 'nobody'");
    expect(() => reuse.execute({relus: tf.ones([1])}, 'neg')).toThrow("has no input 'relus'");
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before + 2);
  });

  test('a threshold for a node whose name is nearly that of another is refused', async () => {
    const reuse = withReuse(await load(), {engine, threshold: {nodes: {relus: 1}}});
    expect(() => reuse.predict(new Float32Array(32))).toThrow("threshold.nodes names 'relus'");
    reuse.dispose();
  });

  test('names that are none are refused, as the model refuses them', async () => {
    const model = await load();
    const reuse = withReuse(model, {engine});
    const x = tf.ones([1, 4, 4, 2]);
    expect(() => reuse.execute(x, ['nobody'])).toThrow(/nobody/);
    for (const [names, came] of [
      [5, '5'],
      [[5], '[5]'],
      [[null], '[null]'],
      [{changed: []}, '{changed}. Options come third'],
    ])
      expect(() => reuse.execute(x, names as never)).toThrow(
        `execute: outputs must be a name or an array of names; got ${came as string}`,
      );
    x.dispose();
    reuse.dispose();
  });

  test('an unchanged frame does not run the model', async () => {
    const model = await load();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const execute = jest.spyOn(model, 'execute');
    const x = tf.tensor4d(numbers(32), [1, 4, 4, 2]);
    tf.dispose(reuse.predict(x));
    expect(execute).toHaveBeenCalledTimes(1);
    tf.dispose([reuse.predict(x), await reuse.predictAsync(x)]);
    expect(execute).toHaveBeenCalledTimes(1);
    reuse.dispose();
    x.dispose();
  });

  test('maxBytes holds although the sizes of the outputs are not known before', async () => {
    const reuse = withReuse(await load(), {engine, policy: 'incremental', maxBytes: 200});
    for (let t = 0; t < 3; t++) {
      const frame = numbers(32, t);
      tf.tidy(() => {
        const y = reuse.predict(tf.tensor4d(frame.slice(), [1, 4, 4, 2])) as tf.Tensor;
        expectClose(
          y.dataSync(),
          frame.map((value) => -Math.max(value, 0)),
        );
      });
      expect(reuse.cache.bytes).toBeLessThanOrEqual(200);
    }
    reuse.dispose();
  });
});
