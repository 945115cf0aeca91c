/** Names, values and weights as the builder numbers them, and what it refuses. */
import {GraphBuilder, LINEAR, mergedShape, planeOf, planeOfShape, reshapeTo, type Op} from '../../src/graph';
import {shapesIn} from '../importers/helpers';

const relu: Op = {kind: 'activation', activation: {name: 'relu'}};

test('values, nodes and weights are numbered as they come', () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', [4, 5, 2], 'int32');
  const slot = graph.weight({name: 'w', shape: [2], read: () => never()});
  const [y] = graph.node(relu, [x], {name: 'act', aliases: ['other'], weights: {alpha: slot}});
  const built = graph.build([y, x]);
  expect([x, y, slot]).toEqual([0, 1, 0]);
  expect(built.inputs).toEqual([0]);
  expect(built.outputs).toEqual([1, 0]);
  expect(built.nodes).toEqual([
    {id: 0, name: 'act', aliases: ['other'], op: relu, inputs: [0], outputs: [1], weights: {alpha: 0}},
  ]);
  expect(built.values).toEqual([
    {id: 0, name: 'x', shape: [4, 5, 2], plane: {height: 4, width: 5, channels: 2}, dtype: 'int32'},
    {id: 1, name: 'act', shape: [4, 5, 2], plane: {height: 4, width: 5, channels: 2}, dtype: 'float32'},
  ]);
});

test('a name is given once, and never one that another asks for', () => {
  const graph = new GraphBuilder(new Set(['a', 'a_1', 'b']));
  const x = graph.input('x', [3]);
  const names = ['a', 'a', 'a_1', 'a', 'b', 'x', 'b_1', 'b'].map((name) => {
    const [value] = graph.node(relu, [x], {name});
    return graph.value(value).name;
  });
  expect(names).toEqual(['a', 'a_2', 'a_1', 'a_3', 'b', 'x_1', 'b_1', 'b_2']);
});

test('a node of several outputs names them by number, and an unknown shape stays unknown', () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', [3]);
  const forms = [{shape: [2, 2]}, {shape: null}];
  const op: Op = {
    kind: 'external',
    label: 'L',
    pure: true,
    rowwise: true,
    batched: true,
    forms,
    apply: () => [],
  };
  const outputs = graph.node(op, [x], {name: 'out'});
  expect(outputs.map((id) => graph.value(id).name)).toEqual(['out:0', 'out:1']);
  expect(graph.value(outputs[1])).toMatchObject({shape: null, plane: null});
  expect(() => planeOf(graph.value(outputs[1]))).toThrow(/'out:1' has no shape before it is computed/);
  expect(() => graph.node(relu, [outputs[1]], {name: 'after'})).toThrow(
    /activation: the shape of input 0 is known only once/,
  );
});

test('the plane of a shape', () => {
  expect(planeOfShape([])).toEqual({height: 1, width: 1, channels: 1});
  expect(planeOfShape([7])).toEqual({height: 1, width: 1, channels: 7});
  expect(planeOfShape([3, 7])).toEqual({height: 1, width: 3, channels: 7});
  expect(planeOfShape([2, 3, 7])).toEqual({height: 2, width: 3, channels: 7});
  expect(planeOfShape([5, 2, 3, 7])).toEqual({height: 10, width: 3, channels: 7});
});

test('shapes that merge, and shapes that do not', () => {
  expect(
    mergedShape([
      [4, 5, 2],
      [1, 1, 2],
      [4, 5, 1],
    ]),
  ).toEqual([4, 5, 2]);
  expect(
    mergedShape([
      [4, 5, 1],
      [1, 1, 3],
    ]),
  ).toEqual([4, 5, 3]);
  expect(
    mergedShape([
      [3, 2],
      [3, 2],
    ]),
  ).toEqual([3, 2]);
  expect(
    mergedShape([
      [3, 2],
      [1, 2],
    ]),
  ).toBeNull();
  expect(
    mergedShape([
      [4, 5, 2],
      [1, 5, 2],
    ]),
  ).toBeNull();
  expect(mergedShape([[4, 5, 2], [2]])).toBeNull();
});

const window = {kernel: [3, 3], strides: [2, 2], dilations: [1, 1], padding: 'valid'} as const;
const conv: Op = {kind: 'conv2d', filters: 8, window, activation: LINEAR, batchNormEpsilon: null};
const pad = (amount: number): Op => ({kind: 'pad2d', top: amount, bottom: 0, left: 0, right: amount});

test.each<[string, Op, string, number[]]>([
  ['conv2d', conv, '7 9 3', [3, 4, 8]],
  ['conv2d same', {...conv, window: {...window, padding: 'same'}} as Op, '7 9 3', [4, 5, 8]],
  [
    'conv2d padded',
    {
      ...conv,
      window: {
        ...window,
        padding: [
          [1, 2],
          [0, 3],
        ],
      },
    } as Op,
    '7 9 3',
    [4, 5, 8],
  ],
  ['conv2d over steps', {...conv, window: {...window, kernel: [1, 3], strides: [1, 2]}} as Op, '9 3', [4, 8]],
  [
    'depthwise',
    {kind: 'depthwiseConv2d', depthMultiplier: 2, window, activation: LINEAR, batchNormEpsilon: null},
    '7 9 3',
    [3, 4, 6],
  ],
  ['dense', {kind: 'dense', units: 4, activation: LINEAR}, '9', [4]],
  ['pool2d', {kind: 'pool2d', mode: 'max', window}, '7 9 3', [3, 4, 3]],
  ['globalPool', {kind: 'globalPool', mode: 'average'}, '7 9 3', [3]],
  ['globalPool over steps', {kind: 'globalPool', mode: 'max'}, '9 3', [3]],
  ['merge', {kind: 'merge', fn: 'add', activation: LINEAR}, '4 5 1, 1 1 3', [4, 5, 3]],
  ['concat', {kind: 'concat', axis: 'channels'}, '4 5 1, 4 5 3', [4, 5, 4]],
  ['concat of steps', {kind: 'concat', axis: 'width'}, '4 2, 3 2', [7, 2]],
  ['pad2d', pad(2), '4 5 1', [6, 7, 1]],
  ['pad2d that crops', pad(-2), '4 5 1', [2, 3, 1]],
  ['upsample2d', {kind: 'upsample2d', factor: [2, 3], interpolation: 'nearest'}, '4 5 1', [8, 15, 1]],
  ['reshape', reshapeTo([10, 2]), '4 5 1', [10, 2]],
])('the shape of %s', (_name, op, shapes, expected) => {
  const graph = new GraphBuilder();
  const [y] = graph.node(
    op,
    shapesIn(shapes).map((shape) => graph.input('x', shape)),
    {name: 'y'},
  );
  expect(graph.value(y)).toMatchObject({shape: expected, plane: planeOfShape(expected)});
});

test.each<[string, Op, string, RegExp]>([
  [
    'a convolution of a vector',
    conv,
    '9',
    /conv2d: expected an input \[height, width, channels\].*got \[9\]/,
  ],
  ['a window that is too large', conv, '2 9 1', /kernel of height 3/],
  [
    'a dense layer over pixels',
    {kind: 'dense', units: 4, activation: LINEAR},
    '3 3',
    /dense: expected an input of shape \[n\], got \[3, 3\]/,
  ],
  ['a crop of everything', pad(-5), '4 5 1', /nothing is left of \[4, 5, 1\]/],
  ['a reshape to another size', reshapeTo([3, 3]), '4 5 1', /\[4, 5, 1\] does not fit into \[3, 3\]/],
  [
    'a merge of odd shapes',
    {kind: 'merge', fn: 'add', activation: LINEAR},
    '4 5 1, 4 1 1',
    /got \[4, 5, 1\], \[4, 1, 1\]/,
  ],
  [
    'a concat of odd shapes',
    {kind: 'concat', axis: 'width'},
    '4 5 1, 3 5 1',
    /differ only along their width; got \[4, 5, 1\], \[3, 5, 1\]/,
  ],
  ['a concat of other ranks', {kind: 'concat', axis: 'width'}, '1 5 2, 5 2', /all of them alike/],
  ['a concat of too many axes', {kind: 'concat', axis: 'channels'}, '1 1 5 2, 1 1 5 2', /all of them alike/],
  ['a concat of vectors along channels', {kind: 'concat', axis: 'channels'}, '5, 2', /along their width/],
])('refused: %s', (_name, op, shapes, message) => {
  const graph = new GraphBuilder();
  expect(() =>
    graph.node(
      op,
      shapesIn(shapes).map((shape) => graph.input('x', shape)),
      {name: 'y'},
    ),
  ).toThrow(message);
});

test('refused: a softmax, a layer normalization or a merge of pixels that are not those of the shape', () => {
  const graph = new GraphBuilder();
  const [flat] = graph.node(reshapeTo([20], planeOfShape([4, 5, 1])), [graph.input('x', [4, 5, 1])], {
    name: 'flat',
  });
  const softmax: Op = {kind: 'activation', activation: {name: 'softmax'}};
  expect(() => graph.node(softmax, [flat], {name: 'y'})).toThrow(
    /pixels have 1 of 20 channels; reshape first/,
  );
  expect(() => graph.node({kind: 'layerNormalization', epsilon: 0.001}, [flat], {name: 'y'})).toThrow(
    /^layerNormalization: its input's pixels have 1 of 20 channels; reshape first/,
  );
  const vector = graph.input('v', [20]);
  const merge: Op = {kind: 'merge', fn: 'add', activation: LINEAR};
  expect(() => graph.node(merge, [flat, vector], {name: 'y'})).toThrow(
    /\[20\] have different pixels; reshape first/,
  );
  const [sum] = graph.node(merge, [flat, flat], {name: 'sum'});
  expect(graph.value(sum).plane).toEqual({height: 4, width: 5, channels: 1});
});

function never(): never {
  throw new Error('A graph reads no weight.');
}
