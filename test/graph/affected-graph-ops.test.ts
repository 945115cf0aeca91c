/** The region that a change reaches through the ops of graph models, against brute force in float64. */
import fc from 'fast-check';
import {graphModelNode, graphModelOp} from '../engines/fuzz/graph-model-ops';
import {GraphBuilder, LINEAR, planeOf, definitionOf, type Op, type Plane, type Shape} from '../../src/graph';
import {Region} from '../../src/region';
import {numbers} from '../importers/helpers';
import {float64} from '../reference/float64';
import {sample} from '../scale';

const side = fc.integer({min: 1, max: 9});
/** Wide enough, now and then, for two words of a mask. */
const width = fc.oneof({weight: 5, arbitrary: side}, {weight: 1, arbitrary: fc.constantFrom(31, 33, 40)});
const image = fc.record({height: side, width, channels: fc.constantFrom(1, 2, 4, 8, 9)});

const sizeOf = ({height, width: w, channels}: Plane) => height * w * channels;

/** A graph of one node, whose weights are random. */
function graphOf(op: Op, {height, width: w, channels}: Plane, weights: Readonly<Record<string, Shape>>) {
  const builder = new GraphBuilder();
  const x = builder.input('x', [height, w, channels]);
  const slots = Object.entries(weights).map(([name, shape], i) => {
    const values = () =>
      numbers(
        shape.reduce((a, b) => a * b, 1),
        50 + i,
      );
    return [name, builder.weight({name, shape, values})];
  });
  const [y] = builder.node(op, [x], {name: 'y', weights: Object.fromEntries(slots)});
  return {graph: builder.build([y]), output: builder.value(y)};
}

function differing(a: Float64Array, b: Float64Array, {height, width: w, channels}: Plane): Region {
  const mask = new Uint8Array(height * w);
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) mask[Math.floor(i / channels)] = 1;
  return Region.fromMask(height, w, mask);
}

/** Values of which the chosen pixels have others than before in all channels: an op may leave some of these out. */
function changedValues(before: Float32Array, {channels}: Plane, region: Region): Float32Array {
  const mask = region.toMask();
  return before.map((value, i) => (mask[Math.floor(i / channels)] ? value + 3 + (i % 5) : value));
}

test('a rule reaches exactly the outputs that brute force finds', () => {
  fc.assert(
    fc.property(
      graphModelNode(fc.constant(LINEAR)),
      image,
      fc.constantFrom(0, 0.05, 0.3, 1),
      fc.nat(10_000),
      (spec, plane, share, seed) => {
        const made = graphModelOp(spec, plane, 3_000);
        if (made === null) return;
        const {op} = made;
        const {graph, output} = graphOf(op, plane, made.weights);
        const chosen = numbers(plane.height * plane.width, seed).map((x) => Number((x + 1) / 2 < share));
        const changed = Region.fromMask(plane.height, plane.width, chosen);
        const before = numbers(sizeOf(plane), seed + 1);
        const [a] = float64(graph, [before]);
        const [b] = float64(graph, [changedValues(before, plane, changed)]);
        const forms = [{shape: graph.values[0].shape!, plane}];
        const target = {shape: output.shape!, plane: planeOf(output)};
        const affected = definitionOf(op).affected(op, forms, target, [changed]);
        expect([...affected.toMask()]).toEqual([...differing(a, b, target.plane).toMask()]);
      },
    ),
    sample(600),
  );
});

describe('multiply-adds', () => {
  test('of a transposed convolution are those of the taps that meet an output, on average', () => {
    const op: Op = {
      kind: 'conv2dTranspose',
      filters: 5,
      kernel: [4, 4],
      strides: [2, 2],
      pad: {top: 1, left: 1},
      size: [12, 16],
      activation: LINEAR,
    };
    const plane = {height: 6, width: 8, channels: 3};
    const {output} = graphOf(op, plane, {filter: [4, 4, 5, 3]});
    const forms = [{shape: [6, 8, 3], plane}];
    const target = {shape: output.shape!, plane: planeOf(output)};
    const macs = definitionOf(op).macs(op, forms, target, [Region.full(6, 8)], Region.full(12, 16));
    expect(macs).toBe(12 * 16 * 4 * 3 * 5);
  });
});

describe('what does not fit is refused', () => {
  const refused = (op: Op, shape: Shape = [4, 5, 6]) =>
    expect(() => {
      const builder = new GraphBuilder();
      builder.node(op, [builder.input('x', shape)], {name: 'y'});
    });
  const resize = {kind: 'resize2d', size: [2, 3], alignCorners: false, halfPixelCenters: false} as const;
  const transpose = {
    kind: 'conv2dTranspose',
    filters: 1,
    kernel: [2, 2],
    strides: [1, 1],
    pad: {top: 0, left: 0},
    size: [5, 6],
    activation: LINEAR,
  } as const;

  test.each<[string, Op, Shape, RegExp]>([
    ['a size of nothing', {...resize, size: [0, 3]}, [4, 5, 6], /expected a size of positive integers/],
    ['both flags', {...resize, alignCorners: true, halfPixelCenters: true}, [4, 5, 6], /not both/],
    ['rows of pixels to resize', resize, [5, 6], /resize2d: expected an input of shape/],
    ['rows past the end', {kind: 'gather2d', rows: [4], columns: [0], fill: 0}, [4, 5, 6], /`rows`.* got 4/],
    ['no columns', {kind: 'gather2d', rows: [0], columns: [], fill: 0}, [4, 5, 6], /`columns`.* got none/],
    ['channels past the last', {kind: 'sliceChannels', begin: 4, size: 3}, [4, 5, 6], /no 3 channels from 4/],
    ['a block that does not fit', {kind: 'depthToSpace', block: 2}, [4, 5, 6], /6 channels, got 2/],
    ['padding below 0', {...transpose, pad: {top: -1, left: 0}}, [4, 5, 6], /padding -1 and 0/],
  ])('%s', (_name, op, shape, message) => refused(op, shape).toThrow(message));
});
