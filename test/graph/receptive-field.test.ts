/**
 * The receptive field of every value, against brute force: each row and each column of the input is changed by itself and
 * followed through the graph, and of all that reach one pixel of a value the outermost are taken.
 */
import fc from 'fast-check';
import {
  GraphBuilder,
  LINEAR,
  receptiveFields,
  reshapeTo,
  definitionOf,
  type Graph,
  type KnownForm,
  type Op,
  type Shape,
  type ValueId,
  type WindowConfig,
} from '../../src/graph';
import {Region} from '../../src/region';
import {sample} from '../scale';

type Pair = readonly [number, number];

/** What a change of these pixels of an input reaches of each value. */
function reached(graph: Graph, input: ValueId, change: Region): Region[] {
  const forms = graph.values as readonly KnownForm[];
  const regions = forms.map(({plane}) => Region.empty(plane.height, plane.width));
  regions[input] = change;
  for (const {op, inputs, outputs} of graph.nodes) {
    const [ins, changed] = [inputs.map((id) => forms[id]), inputs.map((id) => regions[id])];
    for (const id of outputs) regions[id] = definitionOf(op).affected(op, ins, forms[id], changed);
  }
  return regions;
}

/** How far apart the first and the last of these changes lie that reach one pixel of each value, at most. */
function mostApart(graph: Graph, input: ValueId, changes: readonly Region[]): number[] {
  const firsts = graph.values.map(() => new Map<number, number>());
  const most = graph.values.map(() => 0);
  changes.forEach((change, at) => {
    reached(graph, input, change).forEach((region, id) => {
      for (const pixel of region.pixels()) {
        const first = firsts[id].get(pixel) ?? at;
        firsts[id].set(pixel, first);
        most[id] = Math.max(most[id], at - first + 1);
      }
    });
  });
  return most;
}

/** The most rows and columns of an input that reach one pixel of each value. */
function bruteForce(graph: Graph, input: ValueId): Pair[] {
  const {height, width} = (graph.values[input] as KnownForm).plane;
  const strip = (count: number, of: (i: number) => {y: number; x: number; height: number; width: number}) =>
    Array.from({length: count}, (_, i) => Region.fromRects(height, width, [of(i)]));
  const rows = mostApart(
    graph,
    input,
    strip(height, (y) => ({y, x: 0, height: 1, width})),
  );
  const columns = mostApart(
    graph,
    input,
    strip(width, (x) => ({y: 0, x, height, width: 1})),
  );
  return rows.map((size, id) => [size, columns[id]]);
}

const windowOf = (kernel: Pair, strides: Pair = [1, 1], dilations: Pair = [1, 1]): WindowConfig => ({
  ...{kernel, strides, dilations},
  padding: 'same',
});

const conv = (kernel: Pair, strides?: Pair, dilations?: Pair): Op => ({
  kind: 'conv2d',
  filters: 4,
  window: windowOf(kernel, strides, dilations),
  activation: LINEAR,
  batchNormEpsilon: null,
});
const conv3 = conv([3, 3]);

/** One op after the other. */
type Chain = readonly ((shape: Shape) => Op)[];

function chainOf(shape: Shape, ops: Chain): Graph {
  const builder = new GraphBuilder();
  let value = builder.input('x', shape);
  ops.forEach((op, i) => {
    [value] = builder.node(op(builder.value(value).shape!), [value], {name: `n${i}`});
  });
  return builder.build([value]);
}

const every = (step: number, size: number, begin = 0) =>
  Array.from({length: Math.ceil((size - begin) / step)}, (_, i) => begin + i * step);
const mirrored = (size: number) => [1, ...Array.from({length: size}, (_, i) => i), size - 2];

const pick =
  (y: number, x: number): Chain[number] =>
  ([height, width]) => ({kind: 'gather2d', rows: every(y, height), columns: every(x, width), fill: 0});
const mirror: Chain[number] = ([height, width]) => ({
  kind: 'gather2d',
  rows: mirrored(height),
  columns: mirrored(width),
  fill: 0,
});
const upsample =
  (y: number, x: number, interpolation: 'nearest' | 'bilinear'): Chain[number] =>
  () => ({kind: 'upsample2d', factor: [y, x], interpolation});
const resize =
  (of: (side: number) => number, corners = false): Chain[number] =>
  ([height, width]) => ({
    kind: 'resize2d',
    size: [of(height), of(width)],
    alignCorners: corners,
    halfPixelCenters: !corners,
  });
const transposed =
  (kernel: Pair, strides: Pair): Chain[number] =>
  ([height, width]) => ({
    kind: 'conv2dTranspose',
    ...{filters: 4, kernel, strides, activation: LINEAR},
    pad: {top: (kernel[0] - 1) >> 1, left: (kernel[1] - 1) >> 1},
    size: [height * strides[0], width * strides[1]],
  });
const toPixels: Chain[number] = () => ({kind: 'depthToSpace', block: 2});
const pad =
  (top: number, left: number): Chain[number] =>
  () => ({kind: 'pad2d', top, bottom: 1, left, right: 2});
const pool =
  (kernel: Pair, strides: Pair): Chain[number] =>
  () => ({kind: 'pool2d', mode: 'max', window: windowOf(kernel, strides)});
const always =
  (op: Op): Chain[number] =>
  () =>
    op;
const smooth = always(conv3);
const act: Chain[number] = () => ({kind: 'activation', activation: {name: 'relu'}});
const half = (side: number) => Math.floor(side / 2);

const INPUT: Shape = [21, 20, 4];

describe('one op after another', () => {
  const cases: Record<string, {ops: Chain; size: Pair}> = {
    'a pick of every 2nd pixel, then a convolution': {ops: [pick(2, 2), smooth], size: [5, 5]},
    'a pick of every 3rd row, then two convolutions': {ops: [pick(3, 1), smooth, smooth], size: [13, 5]},
    'a convolution, then a pick, then one': {ops: [smooth, pick(2, 1), smooth], size: [7, 5]},
    'a mirrored border': {ops: [mirror, smooth], size: [3, 3]},
    'strides and dilations': {ops: [always(conv([3, 2], [2, 1], [1, 3])), smooth], size: [7, 6]},
    'a pool, then a convolution': {ops: [pool([2, 3], [2, 3]), smooth], size: [6, 9]},
    'nearest upsampling, then the pool that undoes it': {
      ops: [upsample(2, 2, 'nearest'), pool([2, 2], [2, 2])],
      size: [1, 1],
    },
    'nearest upsampling, then a convolution': {ops: [upsample(3, 2, 'nearest'), smooth], size: [2, 2]},
    'bilinear upsampling, then a convolution': {ops: [upsample(2, 2, 'bilinear'), smooth], size: [3, 3]},
    'resizing to half, then a convolution': {ops: [resize(half), smooth], size: [7, 6]},
    'resizing to 1.5 times, then a convolution': {
      ops: [resize((side) => Math.ceil(1.5 * side)), smooth],
      size: [4, 4],
    },
    'resizing with aligned corners': {ops: [resize((side) => side + 3, true), smooth], size: [4, 4]},
    'a transposed convolution of 4×4 by 2': {ops: [transposed([4, 4], [2, 2]), smooth], size: [3, 3]},
    'a transposed convolution of 2×5 by 2 and 1': {ops: [transposed([2, 5], [2, 1]), smooth], size: [2, 7]},
    'channels to pixels, then a convolution of 5×5': {ops: [toPixels, always(conv([5, 5]))], size: [3, 3]},
    'padding and cropping': {ops: [pad(2, -3), smooth], size: [3, 3]},
    'an activation alone': {ops: [act], size: [1, 1]},
  };

  test.each(Object.keys(cases))('%s', (name) => {
    const {ops, size} = cases[name];
    const graph = chainOf(INPUT, ops);
    expect(receptiveFields(graph)[graph.outputs[0]]).toEqual(size);
    expect(bruteForce(graph, graph.inputs[0])[graph.outputs[0]]).toEqual(size);
  });

  test('planes go on past their edges: a field may be larger than the picture', () => {
    const graph = chainOf([2, 4, 4], [pick(1, 2), smooth, smooth]);
    expect(receptiveFields(graph)[graph.outputs[0]]).toEqual([5, 9]);
  });

  test.each<[string, Chain]>([
    [
      'a dense layer',
      [([h, w, c]) => reshapeTo([h * w * c]), () => ({kind: 'dense', units: 3, activation: LINEAR})],
    ],
    ['a global pool', [smooth, () => ({kind: 'globalPool', mode: 'max'})]],
  ])('%s sees everything', (_name, ops) => {
    const graph = chainOf(INPUT, ops);
    expect(receptiveFields(graph)[graph.outputs[0]]).toEqual([Infinity, Infinity]);
    expect(bruteForce(graph, graph.inputs[0])[graph.outputs[0]]).toEqual([21, 20]);
  });
});

describe('a reshape', () => {
  test.each<[string, Op, Pair, Pair]>([
    [
      'that flattens keeps the pixels',
      reshapeTo([1680], {height: 21, width: 20, channels: 4}),
      [3, 3],
      [3, 3],
    ],
    ['from channels to columns', reshapeTo([21, 80, 1]), [3, 3], [3, 3]],
    ['from columns to channels', reshapeTo([21, 4, 20]), [3, 7], [3, 7]],
    ['that moves pixels to other rows reads all columns', reshapeTo([7, 60, 4]), [5, Infinity], [3, 3]],
  ])('%s', (_name, op, size, found) => {
    const graph = chainOf(INPUT, [smooth, always(op)]);
    expect(receptiveFields(graph)[graph.outputs[0]]).toEqual(size);
    expect(bruteForce(graph, graph.inputs[0])[graph.outputs[0]]).toEqual(found);
  });
});

describe('branches', () => {
  /** Both ends of two chains from one input, or from one input each, joined by an op. */
  function joined(a: Chain, b: Chain, op: Op, second: Shape | null = null): Graph {
    const builder = new GraphBuilder();
    const x = builder.input('x', INPUT);
    const y = second ? builder.input('y', second) : x;
    let n = 0;
    const ends = [a, b].map((ops, i) =>
      ops.reduce(
        (value, make) => {
          return builder.node(make(builder.value(value).shape!), [value], {name: `n${n++}`})[0];
        },
        i === 0 ? x : y,
      ),
    );
    return builder.build(builder.node(op, ends, {name: 'join'}));
  }
  const sum: Op = {kind: 'merge', fn: 'add', activation: LINEAR};
  const crop: Chain[number] = () => ({kind: 'pad2d', top: -2, bottom: 0, left: 0, right: 0});
  const cropBelow: Chain[number] = () => ({kind: 'pad2d', top: 0, bottom: -2, left: 0, right: 0});

  test.each<[string, Graph]>([
    ['of unlike windows', joined([smooth], [always(conv([1, 5]))], sum)],
    ['moved against each other', joined([crop], [cropBelow], sum)],
    [
      'one of half as many pixels, enlarged again',
      joined([smooth], [pool([1, 2], [1, 2]), upsample(1, 2, 'nearest')], sum),
    ],
    [
      'that drift apart',
      joined(
        [resize((side) => side + 6), always({kind: 'pad2d', top: 0, bottom: -6, left: 0, right: -6})],
        [act],
        sum,
      ),
    ],
    ['side by side', joined([smooth], [act], {kind: 'concat', axis: 'height'})],
    ['channel by channel', joined([smooth], [always(conv([1, 5]))], {kind: 'concat', axis: 'channels'})],
  ])('%s', (_name, graph) => {
    const [output] = graph.outputs;
    expect(receptiveFields(graph)[output]).toEqual(bruteForce(graph, graph.inputs[0])[output]);
  });

  test('a pixel that all share brings in all that it sees', () => {
    const graph = joined([smooth], [pool([21, 20], [21, 20]), smooth], sum);
    expect(bruteForce(graph, graph.inputs[0])[graph.outputs[0]]).toEqual([21, 20]);
    expect(receptiveFields(graph)[graph.outputs[0]]).toEqual([63, 60]);
  });

  test('of several inputs it is that of which most is seen', () => {
    const graph = joined([smooth], [upsample(2, 2, 'nearest'), pad(0, -2)], sum, [10, 10, 4]);
    expect(receptiveFields(graph)[graph.outputs[0]]).toEqual([3, 3]);
  });
});

const pair = fc.tuple(fc.integer({min: 1, max: 3}), fc.integer({min: 1, max: 3}));
const factors = fc.tuple(fc.integer({min: 1, max: 2}), fc.integer({min: 1, max: 2}));
const anyOp: fc.Arbitrary<Chain[number]> = fc.oneof(
  fc.tuple(pair, factors).map(([kernel, strides]) => always(conv(kernel, strides))),
  pair.map((kernel) => always(conv(kernel, [1, 1], [2, 1]))),
  fc.tuple(pair, factors).map(([kernel, strides]) => pool(kernel, strides)),
  factors.map(([y, x]) => pick(y, x)),
  factors.map(([y, x]) => upsample(y, x, 'nearest')),
  factors.map(([y, x]) => upsample(y, x, 'bilinear')),
  fc.tuple(pair, factors).map(([kernel, strides]) => transposed(kernel, strides)),
  fc.constantFrom(toPixels, act, mirror, pad(1, 2)),
  fc.integer({min: -3, max: 5}).map((more) => resize((side) => Math.max(1, side + more))),
);

test('of any chain of ops it is what brute force finds, or more where the edges cut that short', () => {
  let [exact, all] = [0, 0];
  fc.assert(
    fc.property(fc.array(anyOp, {minLength: 1, maxLength: 4}), (ops) => {
      const graph = chainOf(
        [24, 23, 4],
        ops.flatMap((op) => [op, always(conv([1, 1]))]),
      );
      const found = bruteForce(graph, graph.inputs[0]);
      const told = receptiveFields(graph);
      graph.values.forEach(({id, plane}) => {
        ([0, 1] as const).forEach((axis) => {
          const [is, reckoned] = [found[id][axis], told[id][axis]];
          all++;
          if (is === reckoned) exact++;
          // Where there is a pixel in the middle that sees no edge, nothing is cut short. A resize goes on as it begins, so that
          // a window behind it may see more over its edge than anywhere in the plane.
          const [side, whole] = [axis === 0 ? plane!.height : plane!.width, axis === 0 ? 24 : 23];
          const isResized = graph.nodes.some(({op}) => op.kind === 'resize2d');
          const cut = isResized || 2 * reckoned + whole / side > whole;
          if (cut) expect(reckoned).toBeGreaterThanOrEqual(is);
          else expect({id, axis, size: reckoned}).toEqual({id, axis, size: is});
        });
      });
    }),
    sample({short: 15, ci: 60, long: 400}),
  );
  expect(exact / all).toBeGreaterThan(0.9);
});
