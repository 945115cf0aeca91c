/**
 * GraphModels whose nodes are in a plan, with a tail that the model computes itself: nothing leaks, nothing is shared,
 * errors name what was expected and change nothing, and whatever cannot be planned is the model's own affair.
 */
import * as tf from '@tensorflow/tfjs-core';
import {deregisterOp, loadGraphModel, registerOp} from '@tensorflow/tfjs-converter';
import {withReuse} from '../../src';
import {useBackend} from '../backends';
import {expectEqual, framesOf} from '../importers/graph/playing';
import {FLOAT, INT32, TfGraph, type NodeDef} from '../importers/graph/tf-graph';
import {numbers} from '../importers/helpers';
import {atScale} from '../scale';
import {leftBy, sidesInTurn} from './helpers';
import {expectFrame, SHAPE, small, withNoise} from './small-graph';

/** That nothing is left of. */
const FRAMES = atScale({short: 50, ci: 100, long: 200});

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));
  const options = {engine, policy: 'incremental'} as const;

  test('no tensor is left by a frame, however many, and dispose gives all back', async () => {
    const model = await small().load();
    const before = tf.memory();
    const reuse = withReuse(model, options);
    const frames = framesOf(model, FRAMES);
    const play = (frame: tf.NamedTensorMap) => tf.dispose(reuse.execute(frame, ['tail', 'relu']));
    play(frames[0]);
    const steady = tf.memory().numTensors;
    frames.forEach(play);
    expect(tf.memory().numTensors).toBe(steady);
    reuse.dispose();
    tf.dispose(frames);
    expect(tf.memory()).toMatchObject({numTensors: before.numTensors, numBytes: before.numBytes});
    const [frame] = framesOf(model, 1);
    const [own] = [model.execute(frame)].flat();
    expect(own.shape).toEqual([1, 8, 9, 3]);
    tf.dispose([frame, own]);
  });

  test('outputs share nothing with the cache', async () => {
    const model = await small().load();
    const reuse = withReuse(model, options);
    const [first, second] = framesOf(model, 2);
    const results = [reuse.execute(first, ['tail', 'conv', 'relu'])].flat();
    results.forEach((tensor) => tensor.dataSync().fill(1000));
    tf.dispose(results);
    expectFrame(reuse, model, first, ['tail', 'conv', 'relu']);
    expectFrame(reuse, model, second, ['tail', 'conv', 'relu']);
    reuse.dispose();
  });

  test('outputs by name: in the middle, twice, an input, one behind another', async () => {
    const model = await small().load();
    const reuse = withReuse(model, options);
    for (const frame of framesOf(model, 3)) {
      expectFrame(reuse, model, frame, ['conv']);
      expectFrame(reuse, model, frame, ['relu', 'tail', 'relu']);
      expectFrame(reuse, model, frame, ['tail', 'tail']);
      expectFrame(reuse, model, frame, ['x', 'first', 'tail']);
      expectFrame(reuse, model, frame, ['x']);
    }
    reuse.dispose();
  });

  test('an input of whole numbers, and one whose channels are first, as outputs beside others', async () => {
    const graph = new TfGraph();
    const whole = graph.input('whole', [1, 5, 6, 2], INT32);
    const planar = graph.input('planar', [1, 2, 5, 6]);
    const cast = graph.named('cast', 'Cast', [whole], {SrcT: INT32, DstT: FLOAT});
    const last = graph.named('last', 'Transpose', [planar, graph.integers([0, 2, 3, 1])]);
    const sum = graph.named('sum', 'AddV2', [cast, last]);
    graph.named('first', 'Transpose', [sum, graph.integers([0, 3, 1, 2])]);
    const model = await graph.load();
    const reuse = withReuse(model, options);
    for (const frame of framesOf(model, 3)) {
      expectFrame(reuse, model, frame, ['whole', 'planar', 'sum', 'first']);
      expectFrame(reuse, model, frame, ['cast', 'last', 'first', 'first']);
    }
    reuse.dispose();
  });

  test('commit: false leaves the cache as it was, its tail’s results among it', async () => {
    const model = await small().load();
    const reuse = withReuse(model, options);
    const [first, second, third] = framesOf(model, 3);
    expectFrame(reuse, model, first);
    const variant = [reuse.execute(third, ['tail'], {commit: false})].flat()[0];
    expectEqual(variant, [model.execute(third, ['tail'])].flat()[0], 'variant');
    expectFrame(reuse, model, first);
    expectFrame(reuse, model, second);
    reuse.dispose();
  });

  test('a comparison of what shapes say is left to the model', async () => {
    const graph = small(
      (built, conv) => {
        const sides = built.node('Shape', [conv], {out_type: INT32});
        const [one, two] = [built.integers([1]), built.integers([2])];
        const height = built.node('StridedSlice', [sides, one, two, one], {
          shrink_axis_mask: 1,
          T: INT32,
          Index: INT32,
        });
        const isLow = built.node('Less', [height, built.integers([100], [])], {T: INT32});
        built.named('chosen', 'SelectV2', [
          isLow,
          conv,
          built.node('Cumsum', [conv, built.integers([3], [])]),
        ]);
      },
      [1, -1, -1, 2],
    );
    const model = await graph.load();
    const reuse = withReuse(model, options);
    for (let t = 0; t < 3; t++)
      expectFrame(reuse, model, {x: tf.tensor(numbers(144, t), [...SHAPE])}, ['chosen']);
    reuse.dispose();
  });

  test('a dense layer over a flattened image computes the blocks of it that changed', async () => {
    const graph = small((built, conv) => {
      const flat = built.node('Reshape', [conv, built.integers([1, 8 * 9 * 3])], {Tshape: INT32});
      built.named('dense', 'MatMul', [flat, built.floats([8 * 9 * 3, 5])]);
    });
    const model = await graph.load();
    const reuse = withReuse(model, options);
    const values = numbers(144, 1);
    for (let t = 0; t < 3; t++) {
      values[5] = t;
      expectFrame(reuse, model, {x: tf.tensor(values.slice(), [...SHAPE])}, ['dense']);
    }
    const {macs, denseMacs} = reuse.lastFrame!.layers.find(({name}) => name === 'dense')!;
    expect(denseMacs).toBe(8 * 9 * 3 * 5);
    expect(macs).toBeLessThan(denseMacs);
    reuse.dispose();
  });

  test('inputs answer to the names that the model knows them by', async () => {
    const artifacts = small().artifacts();
    const signature = {inputs: {picture: {name: 'x:0'}}, outputs: {tail: {name: 'tail:0'}}};
    const model = await loadGraphModel(tf.io.fromMemory({...artifacts, signature}));
    const reuse = withReuse(model, options);
    const x = tf.tensor(numbers(144, 1), [...SHAPE]);
    const expected = model.execute({x}, 'conv') as tf.Tensor;
    for (const name of ['picture', 'x', 'x:0']) {
      const changed = {[name]: []};
      expectEqual(reuse.execute({[name]: x}, 'conv', {changed}) as tf.Tensor, expected, name);
    }
    expect(() => reuse.execute({y: x})).toThrow(/no input 'y'/);
    reuse.dispose();
  });

  test('commit: false is refused where a tail is random', async () => {
    const model = await small(withNoise).load();
    const reuse = withReuse(model, options);
    const [frame] = framesOf(model, 1);
    tf.dispose(reuse.execute(frame, ['noisy']));
    expect(() => reuse.execute(frame, ['noisy'], {commit: false})).toThrow(
      /commit: false .* another result/s,
    );
    // What is random is drawn anew although nothing changed.
    const [a, b] = [reuse.execute(frame, ['noisy']), reuse.execute(frame, ['noisy'])] as tf.Tensor[];
    expect([...a.dataSync()]).not.toEqual([...b.dataSync()]);
    expectFrame(reuse, model, frame, ['conv']);
    reuse.dispose();
  });

  test('a wrong input is refused by what was expected, and changes nothing', async () => {
    const model = await small().load();
    const reuse = withReuse(model, options);
    const [first, second] = framesOf(model, 2);
    expectFrame(reuse, model, first);
    expect(() => reuse.execute({x: tf.zeros([1, 8, 8, 2])})).toThrow(/Expected shape .*8, 9, 2/);
    expect(() => reuse.execute({x: tf.zeros([8, 9, 2])})).toThrow(/Expected rank 4/);
    expect(() => reuse.execute({x: tf.zeros(SHAPE, 'int32')})).toThrow(/Expected dtype float32/);
    expect(() => reuse.execute({y: tf.zeros(SHAPE)})).toThrow(/no input 'y'/);
    expectFrame(reuse, model, second);
    reuse.dispose();
  });

  test('an output that there is not is refused as the model refuses it', async () => {
    const model = await small().load();
    const reuse = withReuse(model, options);
    const [frame] = framesOf(model, 1);
    const messageOf = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return (error as Error).message;
      }
      return 'none';
    };
    expect(messageOf(() => reuse.execute(frame, 'nowhere'))).toBe(
      messageOf(() => model.execute(frame, 'nowhere')),
    );
    expectFrame(reuse, model, frame);
    reuse.dispose();
  });

  test('after an error in a tail the next frame is right, and no tensor is left', async () => {
    let fails = false;
    registerOp('Fragile', ({inputs: [x]}) => {
      if (fails) throw new Error('the op broke');
      return tf.neg(x);
    });
    const model = await small((graph, conv) => void graph.named('fragile', 'Fragile', [conv])).load();
    const reuse = withReuse(model, options);
    const [first, second, third] = framesOf(model, 3);
    const outputs = ['fragile', 'conv'];
    expectFrame(reuse, model, first, outputs);
    const left = leftBy(() => {
      fails = true;
      expect(() => reuse.execute(second, outputs)).toThrow('the op broke');
      fails = false;
    });
    expect(left).toBeLessThanOrEqual(0);
    expectFrame(reuse, model, second, outputs);
    expectFrame(reuse, model, third, outputs);
    reuse.dispose();
    deregisterOp('Fragile');
  });

  test('a batch of two goes to the model whole', async () => {
    const model = await small(undefined, [-1, 8, 9, 2]).load();
    const reuse = withReuse(model, options);
    for (let t = 0; t < 3; t++) {
      for (const rows of [1, 2, 3]) {
        const x = tf.tensor(numbers(rows * 144, t), [rows, 8, 9, 2]);
        expectFrame(reuse, model, {x}, ['tail', 'relu']);
      }
    }
    reuse.dispose();
  });

  test('two sizes in turn, each with a plan of its own', async () => {
    const model = await small(undefined, [1, -1, -1, 2]).load();
    const reuse = withReuse(model, options);
    for (let t = 0; t < 6; t++) {
      const [height, width] = t % 2 === 0 ? [8, 9] : [5, 12];
      const x = tf.tensor(numbers(height * width * 2, t >> 1), [1, height, width, 2]);
      expectFrame(reuse, model, {x}, ['tail', 'relu']);
    }
    reuse.dispose();
  });

  test('an op that nobody knows is the model’s own error', async () => {
    const model = await small((graph, conv) => void graph.named('strange', 'NobodyKnows', [conv])).load();
    const reuse = withReuse(model, options);
    const [frame] = framesOf(model, 1);
    expect(() => reuse.execute(frame, 'strange')).toThrow(/NobodyKnows/);
    expectFrame(reuse, model, frame, ['tail']);
    reuse.dispose();
  });
});

describe('topologies that something is wrong with', () => {
  beforeAll(() => useBackend('cpu'));

  /** The small model, its nodes changed, and its weights. */
  function spoilt(
    change: (nodes: NodeDef[]) => NodeDef[],
    weights = (specs: tf.io.WeightsManifestEntry[]) => specs,
  ) {
    const artifacts = small().artifacts();
    const {modelTopology} = artifacts;
    return loadGraphModel(
      tf.io.fromMemory({
        ...artifacts,
        modelTopology: {...modelTopology, node: change(modelTopology.node)},
        weightSpecs: weights(artifacts.weightSpecs!),
      }),
    );
  }

  const outcome = (run: () => tf.Tensor | tf.Tensor[]): number[][] | string => {
    try {
      return [run()].flat().map((tensor) => [...tensor.dataSync()]);
    } catch (error) {
      return (error as Error).message;
    }
  };

  const rename = (node: NodeDef, changes: object): NodeDef => ({...node, ...changes});

  test.each<[string, (nodes: NodeDef[]) => NodeDef[]]>([
    [
      'control dependencies',
      (nodes) =>
        nodes.map((node) =>
          node.name === 'conv' ? rename(node, {input: [...node.input!, '^first']}) : node,
        ),
    ],
    [
      'attributes left out',
      (nodes) => nodes.map((node) => (node.name === 'conv' ? rename(node, {attr: {}}) : node)),
    ],
    [
      'strides that are no list',
      (nodes) =>
        nodes.map((node) =>
          node.name === 'conv' ? rename(node, {attr: {...node.attr, strides: {i: '1'}}}) : node,
        ),
    ],
    [
      'an input too few',
      (nodes) =>
        nodes.map((node) => (node.name === 'conv' ? rename(node, {input: node.input!.slice(0, 1)}) : node)),
    ],
    [
      'an unknown padding',
      (nodes) =>
        nodes.map((node) =>
          node.name === 'conv' ? rename(node, {attr: {...node.attr, padding: {s: 'RlVMTA=='}}}) : node,
        ),
    ],
    [
      'a filter of other channels',
      (nodes) =>
        nodes
          .map((node) => (node.name === 'conv' ? rename(node, {input: ['first', node.input![1]]}) : node))
          .map((node) => (node.name === 'relu' ? rename(node, {input: ['x']}) : node)),
    ],
  ])('%s: the model’s own result, or its own error', async (_name, change) => {
    const model = await spoilt(change).catch(() => null);
    if (model === null) return;
    const reuse = withReuse(model, {policy: 'incremental'});
    for (const frame of framesOf(model, 3)) {
      const expected = outcome(() => model.execute(frame, ['conv', 'relu']));
      const actual = outcome(() => reuse.execute(frame, ['conv', 'relu']));
      if (typeof expected === 'string') expect(actual).toEqual(expected);
      else
        (actual as number[][]).forEach((values, i) =>
          values.forEach((value, k) => expect(value).toBeCloseTo(expected[i][k], 4)),
        );
    }
    reuse.dispose();
  });

  test('a weight that is missing: the model’s own error', async () => {
    const model = await spoilt(
      (nodes) => nodes,
      (specs) => specs.slice(0, 1),
    );
    const reuse = withReuse(model, {policy: 'incremental'});
    const [frame] = framesOf(model, 1);
    for (const run of [model, reuse]) {
      expect(outcome(() => run.execute(frame, ['conv']))).toMatch(
        /Missing the following inputs: \[Const_4\]/,
      );
    }
    reuse.dispose();
  });
});

test('another backend between two frames: the next one is computed anew', async () => {
  await useBackend('wasm');
  await useBackend('cpu');
  const model = await small().load();
  const reuse = withReuse(model, {policy: 'incremental'});
  const frames = framesOf(model, 6);
  for (const [t, frame] of frames.entries()) {
    await tf.setBackend(t % 3 === 2 ? 'wasm' : 'cpu');
    expectFrame(reuse, model, frame, ['tail', 'relu']);
  }
  reuse.dispose();
});
