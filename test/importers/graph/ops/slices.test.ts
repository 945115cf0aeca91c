/** What slices take of each axis, beside what tfjs's own slices take. */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {GraphBuilder} from '../../../../src/graph';
import {constantOf} from '../../../../src/importers/graph/constants';
import {slicesOf, type Slices} from '../../../../src/importers/graph/ops/slices';
import {Attributes} from '../../../../src/importers/graph/attributes';
import {viewOf} from '../../../../src/importers/graph/view';
import type {NodeUse} from '../../../../src/importers/graph/use';
import {useBackend} from '../../../backends';
import {sample} from '../../../scale';

const SAMPLE = sample({short: 500, ci: 2000, long: 2000});

beforeAll(() => useBackend('cpu'));

function useOf(
  op: string,
  shape: readonly number[],
  lists: readonly number[][],
  masks: Record<string, number> = {},
) {
  const attributes = new Attributes(
    Object.fromEntries(Object.entries(masks).map(([name, i]) => [name, {i}])),
  );
  const view = viewOf(0, shape);
  const constants = lists.map((list, i) =>
    constantOf({node: `list${i}`, output: 0}, [list.length], 'int32', Int32Array.from(list)),
  );
  const use: NodeUse = {
    node: {name: 'slice', op, inputs: [], dependencies: [], attributes},
    attributes,
    operands: [view, ...constants],
    graph: new GraphBuilder(),
    slot: () => 0,
  };
  return {use, view};
}

/** The values that slices take, by their definition. */
function taken(shape: readonly number[], {slices}: Slices): number[] {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  return slices.reduce<number[]>(
    (places, {begin, step, count}, axis) =>
      places.flatMap((place) =>
        Array.from({length: count}, (_, i) => place + (begin + i * step) * steps[axis]),
      ),
    [0],
  );
}

const shapes = fc.array(fc.integer({min: 1, max: 6}), {minLength: 1, maxLength: 4});
const size = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** tfjs refuses some slices that nothing is left of. */
function isNothing(slice: () => tf.Tensor): boolean {
  try {
    return slice().size === 0;
  } catch {
    return true;
  }
}

test('StridedSlice', () => {
  let found = 0;
  const bound = fc.integer({min: -8, max: 8});
  const request = shapes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.array(
        fc.record({
          begin: bound,
          end: bound,
          step: fc.constantFrom(1, 1, 2, 3, -1, -2),
          shrinks: fc.boolean(),
        }),
        {minLength: 1, maxLength: shape.length},
      ),
      begin_mask: fc.nat(15),
      end_mask: fc.nat(15),
      mayShrink: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(request, ({shape, axes, begin_mask, end_mask, mayShrink}) => {
      // An axis that is picked has to be within, and goes forwards; where it is masked, tfjs and TensorFlow differ.
      const bounded = axes.map((axis, i) => {
        const shrinks = mayShrink && axis.shrinks && ((begin_mask | end_mask) >> i) % 2 === 0;
        const begin = ((axis.begin % shape[i]) + shape[i]) % shape[i];
        return shrinks ? {begin, end: begin + 1, step: 1, shrinks} : {...axis, shrinks};
      });
      const shrink_axis_mask = bounded.reduce((mask, {shrinks}, i) => mask | (shrinks ? 1 << i : 0), 0);
      const lists = (['begin', 'end', 'step'] as const).map((name) => bounded.map((axis) => axis[name]));
      const masks = {begin_mask, end_mask, shrink_axis_mask};
      const {use, view} = useOf('StridedSlice', shape, lists, masks);
      const slices = slicesOf(use, view);
      // Axes that are picked beside some that are strided: tfjs mixes them up, and is left to.
      const mixes = shrink_axis_mask !== 0 && bounded.some(({shrinks, step}) => !shrinks && step !== 1);
      if (mixes) return expect(slices).toBeNull();
      tf.tidy(() => {
        const x = tf.reshape(tf.range(0, size(shape)), shape);
        const [begin, end, step] = lists;
        const slice = () =>
          tf.stridedSlice(x, begin, end, step, begin_mask, end_mask, 0, 0, shrink_axis_mask);
        if (slices === null) return expect(isNothing(slice)).toBe(true);
        const expected = slice();
        found++;
        expect(taken(shape, slices)).toEqual([...expected.dataSync()]);
        expect(slices.shape ?? slices.slices.map(({count}) => count)).toEqual(expected.shape);
      });
    }),
    SAMPLE,
  );
  expect(found).toBeGreaterThan(SAMPLE.numRuns / 4);
});

test('Slice', () => {
  const request = shapes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.tuple(...shape.map((side) => fc.tuple(fc.nat(side - 1), fc.nat(5), fc.boolean()))),
    }),
  );
  fc.assert(
    fc.property(request, ({shape, axes}) => {
      const begins = axes.map(([begin]) => begin);
      const sizes = axes.map(([begin, more, all], i) => (all ? -1 : 1 + (more % (shape[i] - begin))));
      const {use, view} = useOf('Slice', shape, [begins, sizes]);
      tf.tidy(() => {
        const expected = tf.slice(tf.reshape(tf.range(0, size(shape)), shape), begins, sizes);
        expect(taken(shape, slicesOf(use, view)!)).toEqual([...expected.dataSync()]);
      });
    }),
    sample(500),
  );
});

test('masks for an ellipsis and for new axes are not known', () => {
  const lists = [[0], [1], [1]];
  for (const mask of ['ellipsis_mask', 'new_axis_mask']) {
    const {use, view} = useOf('StridedSlice', [2, 3], lists, {[mask]: 1});
    expect(slicesOf(use, view)).toBeNull();
  }
});

test('more axes than there are are refused', () => {
  const {use, view} = useOf(
    'StridedSlice',
    [3],
    [
      [0, 0],
      [1, 1],
      [1, 1],
    ],
  );
  expect(slicesOf(use, view)).toBeNull();
  const plain = useOf('Slice', [3, 2], [[0], [1]]);
  expect(slicesOf(plain.use, plain.view)).toBeNull();
});
