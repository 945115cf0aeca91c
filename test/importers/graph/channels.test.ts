/** Inputs whose channels come first are told by what reads them: where rows and columns are is what callers go by. */
import * as tf from '@tensorflow/tfjs-core';
import {withReuse} from '../../../src';
import {useBackend} from '../../backends';
import {numbers} from '../helpers';
import {expectEqual, graphOf, inputsOf} from './playing';
import {TfGraph, windowed} from './tf-graph';

beforeAll(() => useBackend('cpu'));

/** Scaled, and then read as `last` says. */
function scaled(shape: readonly number[], read: (graph: TfGraph, x: string) => string): TfGraph {
  const graph = new TfGraph();
  const x = graph.node('Mul', [graph.input('x', shape), graph.floats([], [0.5])]);
  graph.named('output', 'Relu', [read(graph, x)]);
  return graph;
}

test('one row of many columns and channels keeps its columns, and what changed in one of them is found', async () => {
  const graph = scaled([1, 1, 100, 40], (built, x) =>
    built.node('Conv2D', [x, built.floats([1, 3, 40, 4])], windowed()),
  );
  const model = await graph.load();
  const [input] = inputsOf(model);
  expect(graphOf(model).values[0].plane).toEqual({height: 1, width: 100, channels: 40});
  const reuse = withReuse(model, {policy: 'incremental'});
  const frame = numbers(4000, 1);
  for (const x of [7, 99, 0]) {
    for (let c = 0; c < 40; c++) frame[40 * x + c] += 1;
    const tensor = tf.tensor(frame, [...input.shape]);
    const changed = [{y: 0, x, height: 1, width: 1}];
    const actual = reuse.execute(tensor, 'output', {changed}) as tf.Tensor;
    expectEqual(actual, model.execute(tensor, 'output') as tf.Tensor, `column ${x}`);
  }
  expect(reuse.lastFrame!.path).toBe('incremental');
  reuse.dispose();
});

test.each<[string, Parameters<typeof scaled>[1]]>([
  [
    'a transposition',
    (graph, x) => {
      const last = graph.node('Transpose', [x, graph.integers([0, 2, 3, 1])]);
      return graph.node('Conv2D', [last, graph.floats([3, 3, 3, 4])], windowed());
    },
  ],
  [
    'cuts that are put together in another order',
    (graph, x) => {
      const parts = graph.named('parts', 'Split', [graph.integers([1], []), x], {num_split: 3});
      const turned = graph.node('ConcatV2', [`${parts}:2`, `${parts}:1`, parts, graph.integers([1], [])], {
        N: 3,
      });
      return graph.node('Transpose', [turned, graph.integers([0, 2, 3, 1])]);
    },
  ],
  [
    'a convolution that has them first',
    (graph, x) =>
      graph.node(
        'Conv2D',
        [x, graph.floats([3, 3, 3, 4])],
        windowed({data_format: 'NCHW', dilations: [1, 1, 1, 1]}),
      ),
  ],
])('channels come first before %s', async (_name, read) => {
  const model = await scaled([1, 3, 8, 9], read).load();
  expect(graphOf(model).values[0].plane).toEqual({height: 8, width: 9, channels: 3});
});
