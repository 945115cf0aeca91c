/** What summary() prints of each node: its receptive field, through picks of pixels too. */
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel} from '../../src';
import {useBackend} from '../backends';
import {TfGraph, windowed} from '../importers/graph/tf-graph';
import {smallModel} from '../promises/helpers';

beforeAll(() => useBackend('cpu'));

/** The receptive field that each node's line tells. */
function fields(reuse: ReuseModel): Record<string, string> {
  const lines: string[] = [];
  reuse.summary((line) => lines.push(line));
  const [, , head, , ...rows] = lines;
  const at = head.indexOf('Receptive field');
  const told = rows.filter((row) => row.includes(' ('));
  return Object.fromEntries(told.map((row) => [row.split(' ')[0], row.slice(at).split(' ')[0]]));
}

test('a convolution over every 2nd pixel sees five', async () => {
  const graph = new TfGraph();
  const ends = [0, 0, 0, 0];
  const slice = ['begin', 'end'].map(() => graph.integers(ends));
  const picked = graph.named(
    'picked',
    'StridedSlice',
    [graph.input('x', [1, 16, 14, 2]), ...slice, graph.integers([1, 2, 2, 1])],
    {begin_mask: 15, end_mask: 15},
  );
  const conv = graph.named('conv', 'Conv2D', [picked, graph.floats([3, 3, 2, 3])], windowed());
  graph.named('mean', 'Mean', [conv, graph.integers([1, 2])], {keep_dims: false});
  const model = await graph.load();
  const reuse = withReuse(model);
  expect(fields(reuse)).toMatchObject({picked: '1×1', conv: '5×5', mean: 'all'});
  reuse.dispose();
  model.dispose();
});

test('behind strides a window sees as much more', () => {
  const model = sequential({
    layers: [
      layers.conv2d({name: 'first', inputShape: [32, 40, 2], filters: 2, kernelSize: 3, strides: [2, 1]}),
      layers.maxPooling2d({name: 'pool', poolSize: 2, strides: 2}),
      layers.depthwiseConv2d({name: 'depth', kernelSize: 3, strides: [1, 3]}),
      layers.conv2d({name: 'last', filters: 1, kernelSize: 2}),
    ],
  });
  const reuse = withReuse(model);
  expect(fields(reuse)).toEqual({first: '3×3', pool: '5×4', depth: '13×8', last: '17×14'});
  reuse.dispose();
  model.dispose();
});

test('what cannot print is refused', () => {
  const reuse = withReuse(smallModel());
  expect(() => reuse.summary(5 as never)).toThrow('summary(): print must be a function; got 5.');
  reuse.dispose();
});
