/** What the plan does not have and a convolution reads is computed by the model, in the middle of the plan. */
import {useBackend} from '../../backends';
import {expectSameClip, graphOf} from './playing';
import {TfGraph, windowed} from './tf-graph';

beforeAll(() => useBackend('cpu'));

const kindsBehind = async (build: (graph: TfGraph, x: string) => void): Promise<string[]> => {
  const graph = new TfGraph();
  build(graph, graph.node('Erf', [graph.node('Relu', [graph.input('x', [1, 6, 7, 3])])]));
  const model = await graph.load();
  expectSameClip(model, {}, {frames: 3});
  const kinds = graphOf(model).nodes.map(({op}) => op.kind);
  model.dispose();
  return kinds;
};

test.each<[string, string, (graph: TfGraph, x: string) => void]>([
  ['Conv2D', 'conv2d', (graph, x) => void graph.node('Conv2D', [x, graph.floats([3, 3, 3, 4])], windowed())],
  [
    'DepthwiseConv2dNative',
    'depthwiseConv2d',
    (graph, x) => void graph.node('DepthwiseConv2dNative', [x, graph.floats([3, 3, 3, 1])], windowed()),
  ],
  [
    'Conv2DBackpropInput',
    'conv2dTranspose',
    (graph, x) => {
      const inputs = [graph.integers([1, 6, 7, 2]), graph.floats([3, 3, 2, 3]), x];
      graph.node('Conv2DBackpropInput', inputs, windowed());
    },
  ],
])('before a %s', async (_op, kind, build) => {
  expect(await kindsBehind(build)).toEqual(['activation', 'external', kind]);
});

test('not before other ops: from there on the model computes', async () => {
  expect(await kindsBehind((graph, x) => void graph.node('Tanh', [x]))).toEqual(['activation', 'external']);
});
