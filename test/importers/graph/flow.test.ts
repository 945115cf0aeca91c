/** Control flow: nodes within branches and loops are told from those outside, and are never taken into a plan. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import {withReuse} from '../../../src';
import {nodesInFlow} from '../../../src/importers/graph/flow';
import {readTopology} from '../../../src/importers/graph/topology';
import {backends, useBackend} from '../../backends';
import {numbers} from '../helpers';
import {expectEqual, framesOf} from './playing';
import {FLOAT, INT32, TfGraph, windowed} from './tf-graph';

const SHAPE = [1, 5, 6, 2];

function conv(graph: TfGraph, name: string, x: string, outputs = 2): string {
  return graph.named(name, 'Conv2D', [x, graph.floats([3, 3, 2, outputs])], windowed());
}

/** A convolution where the frame's sum is above 0, another one where it is not, and one behind both. */
function branches(shape = SHAPE): TfGraph {
  const graph = new TfGraph();
  const x = conv(graph, 'before', graph.input('x', shape));
  const sum = graph.node('Sum', [x, graph.integers([0, 1, 2, 3])], {keep_dims: false});
  const isPositive = graph.node('Greater', [sum, graph.floats([], [0])]);
  const way = graph.named('way', 'Switch', [x, isPositive]);
  const no = conv(graph, 'no', way);
  const yes = conv(graph, 'yes', `${way}:1`);
  const merged = graph.named('merged', 'Merge', [no, graph.named('relu', 'Relu', [yes])]);
  graph.named('behind', 'Tanh', [conv(graph, 'after', merged)]);
  return graph;
}

/** A convolution, three times one after another. */
function loop(): TfGraph {
  const graph = new TfGraph();
  const frame = {frame_name: 'loop', is_constant: false};
  const x = conv(graph, 'before', graph.input('x', SHAPE));
  const enterX = graph.named('enterX', 'Enter', [x], frame);
  const enterI = graph.named('enterI', 'Enter', [graph.integers([0], [])], {...frame, T: INT32});
  const mergeX = graph.named('mergeX', 'Merge', [enterX, 'nextX']);
  const mergeI = graph.named('mergeI', 'Merge', [enterI, 'nextI'], {T: INT32});
  const three = graph.named('three', 'Enter', [graph.integers([3], [])], {
    ...frame,
    is_constant: true,
    T: INT32,
  });
  const one = graph.named('one', 'Enter', [graph.integers([1], [])], {...frame, is_constant: true, T: INT32});
  const filter = graph.named('filter', 'Enter', [graph.floats([3, 3, 2, 2])], {...frame, is_constant: true});
  const cond = graph.named('cond', 'LoopCond', [graph.named('less', 'Less', [mergeI, three], {T: INT32})]);
  const switchX = graph.named('switchX', 'Switch', [mergeX, cond]);
  const switchI = graph.named('switchI', 'Switch', [mergeI, cond], {T: INT32});
  const within = graph.named('within', 'Conv2D', [`${switchX}:1`, filter], windowed());
  graph.named('nextX', 'NextIteration', [graph.named('tanh', 'Tanh', [within])]);
  graph.named('nextI', 'NextIteration', [graph.named('plus', 'AddV2', [`${switchI}:1`, one], {T: INT32})], {
    T: INT32,
  });
  const exit = graph.named('exit', 'Exit', [switchX]);
  graph.named('behind', 'Relu', [conv(graph, 'after', exit)]);
  return graph;
}

const among = (model: GraphModel, names: readonly string[]) => {
  const flow = nodesInFlow(readTopology(model)!);
  return names.filter((name) => flow.has(name));
};

describe('what is within', () => {
  beforeAll(() => useBackend('cpu'));

  test('branches, up to where they are merged', async () => {
    const model = await branches().load();
    const names = ['before', 'way', 'no', 'yes', 'relu', 'merged', 'after', 'behind'];
    expect(among(model, names)).toEqual(['way', 'no', 'yes', 'relu']);
  });

  test('loops, up to their exit', async () => {
    const model = await loop().load();
    const names = [
      'before',
      'enterX',
      'mergeX',
      'switchX',
      'within',
      'tanh',
      'nextX',
      'exit',
      'after',
      'behind',
    ];
    expect(among(model, names)).toEqual(['enterX', 'mergeX', 'switchX', 'within', 'tanh', 'nextX']);
  });

  test('nothing, where there is no control flow', async () => {
    const graph = new TfGraph();
    graph.node('Relu', [graph.input('x', SHAPE)], {T: FLOAT});
    expect(nodesInFlow(readTopology(await graph.load())!).size).toBe(0);
  });
});

describe.each(backends)('on %s, each frame gives what the model itself gives', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each([
    ['branches, both of which are taken', () => branches()],
    ['a loop', loop],
  ])('%s', async (_name, build) => {
    const model = await build().load();
    const reuse = withReuse(model, {policy: 'incremental'});
    const before = tf.memory().numTensors;
    for (const [t, frame] of framesOf(model, 8).entries()) {
      // Half of the frames are turned around, so that each branch has its turn.
      const x = tf.mul(frame['x'], t % 2 === 0 ? 1 : -1);
      const [expected] = [await model.executeAsync({x}, ['behind'])].flat();
      const [actual] = [await reuse.executeAsync({x}, ['behind'])].flat();
      expectEqual(actual, expected, `frame ${t}`);
      tf.dispose([frame, x, expected, actual]);
    }
    reuse.dispose();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });

  test('at two sizes of as many pixels, one after the other', async () => {
    const model = await branches([1, -1, -1, 2]).load();
    const reuse = withReuse(model, {policy: 'incremental'});
    for (const [height, width] of [
      [5, 6],
      [6, 5],
      [5, 6],
      [3, 4],
    ]) {
      for (let t = 0; t < 2; t++) {
        const x = tf.tensor(numbers(2 * height * width, t), [1, height, width, 2]);
        const [expected] = [await model.executeAsync({x}, ['behind'])].flat();
        const [actual] = [await reuse.executeAsync({x}, ['behind'])].flat();
        expectEqual(actual, expected, `${height} × ${width}`);
        tf.dispose([x, expected, actual]);
      }
    }
    reuse.dispose();
  });
});
