/** Views: a tensor in another order of axes or another shape, read from the plan's value, is the tensor. */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {GraphBuilder} from '../../../src/graph';
import {
  fromPlan,
  inOrder,
  isInOrder,
  planShape,
  readsInOrder,
  reshaped,
  toPlan,
  transposed,
  valueAsItLies,
  valueOf,
  viewOf,
  type View,
} from '../../../src/importers/graph/view';
import {useBackend} from '../../backends';
import {sample} from '../../scale';

const SAMPLE = sample({short: 300, ci: 1500, long: 1500});

beforeAll(() => useBackend('cpu'));

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** The tensor that a view is, read from values in the plan's order. */
function tensorOf(view: View, values: tf.Tensor): tf.Tensor {
  return tf.transpose(tf.reshape(values, planShape(view)), [...view.order]);
}

const shapeOf = fc.array(fc.constantFrom(1, 1, 2, 3, 4, 6), {minLength: 1, maxLength: 5});
const permutationOf = (rank: number) =>
  fc.shuffledSubarray(inOrder(rank), {minLength: rank, maxLength: rank});

/** Another shape of the same size: sides split up, put together, and ones strewn in. */
function reshapeOf(shape: readonly number[]): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(5), {minLength: 6, maxLength: 6}).map((choices) => {
    const out: number[] = [];
    shape.forEach((side, i) => {
      const choice = choices[i % choices.length];
      if (choice === 0 && out.length > 0) out[out.length - 1] *= side;
      else if (choice === 1 && side % 2 === 0) out.push(2, side / 2);
      else if (choice === 2 && side % 3 === 0) out.push(side / 3, 3);
      else if (choice === 3) out.push(1, side);
      else if (choice !== 4 || side !== 1 || out.length === 0) out.push(side);
    });
    return out;
  });
}

type Step = {readonly permutation: number[]} | {readonly to: number[]};

/** A shape, and steps from each shape to the next. */
const walk = shapeOf.chain((shape) =>
  fc.tuple(permutationOf(shape.length), fc.boolean()).chain(([permutation, twice]) => {
    const turned = permutation.map((axis) => shape[axis]);
    return reshapeOf(turned).chain((to) =>
      permutationOf(to.length).chain((second) => {
        const again = second.map((axis) => to[axis]);
        return reshapeOf(again).map((last) => ({
          shape,
          steps: [{permutation}, {to}, ...(twice ? [{permutation: second}, {to: last}] : [])] as Step[],
        }));
      }),
    );
  }),
);

test('a view is the tensor that transpositions and reshapes of tfjs give', () => {
  let [views, mixed] = [0, 0];
  fc.assert(
    fc.property(walk, ({shape, steps}) => {
      tf.tidy(() => {
        const values = tf.range(0, sizeOf(shape));
        let tensor = tf.reshape(values, shape);
        let view: View | null = viewOf(0, shape);
        for (const step of steps) {
          if ('permutation' in step) {
            tensor = tf.transpose(tensor, step.permutation);
            view = transposed(view, step.permutation);
          } else {
            tensor = tf.reshape(tensor, step.to);
            view = reshaped(view, step.to);
            if (view === null) return void mixed++;
          }
          expect(view.shape).toEqual(tensor.shape);
          expect([...tensorOf(view, values).dataSync()]).toEqual([...tensor.dataSync()]);
          expect([...view.order].sort((a, b) => a - b)).toEqual(inOrder(view.shape.length));
          if (readsInOrder(view)) expect([...tensor.dataSync()]).toEqual([...values.dataSync()]);
        }
        views++;
      });
    }),
    SAMPLE,
  );
  expect(views).toBeGreaterThan(SAMPLE.numRuns / 5);
  expect(mixed).toBeGreaterThan(SAMPLE.numRuns / 15);
});

/**
 * Whether any order of axes of any shape in which the plan's values can be seen gives the tensor: by trying them all.
 * @param tensor the plan's places, in the tensor's order
 */
function canBeSeen(tensor: readonly number[], shape: readonly number[]): boolean {
  const long = shape.filter((side) => side !== 1);
  const orders = permutations(inOrder(long.length));
  return orders.some((order) => {
    const plan: number[] = [];
    order.forEach((axis, i) => (plan[axis] = long[i]));
    const steps = plan.map((_, axis) => sizeOf(plan.slice(axis + 1)));
    return tensor.every((place, i) => {
      let [rest, at] = [i, 0];
      for (let axis = long.length - 1; axis >= 0; axis--) {
        at += (rest % long[axis]) * steps[order[axis]];
        rest = Math.floor(rest / long[axis]);
      }
      return at === place;
    });
  });
}

function permutations(list: readonly number[]): number[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((first) =>
    permutations(list.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  );
}

test('null only where no order of axes is the tensor', () => {
  fc.assert(
    fc.property(walk, ({shape, steps}) => {
      const [{permutation}, {to}] = steps as [{permutation: number[]}, {to: number[]}];
      if (reshaped(transposed(viewOf(0, shape), permutation), to) !== null) return;
      const places = tf.tidy(() => [
        ...tf.transpose(tf.reshape(tf.range(0, sizeOf(shape)), shape), permutation).dataSync(),
      ]);
      expect(canBeSeen(places, to)).toBe(false);
    }),
    SAMPLE,
  );
});

test('another size is refused', () => {
  expect(reshaped(viewOf(0, [1, 6]), [1, 7])).toBeNull();
});

test('lists by axis, into the plan’s order and back', () => {
  const view = transposed(viewOf(0, [1, 6, 7, 3]), [0, 3, 1, 2]);
  expect(view).toMatchObject({shape: [1, 3, 6, 7], order: [0, 3, 1, 2]});
  expect(isInOrder(view)).toBe(false);
  expect(planShape(view)).toEqual([1, 6, 7, 3]);
  expect(toPlan(view, ['n', 'c', 'h', 'w'])).toEqual(['n', 'h', 'w', 'c']);
  expect(fromPlan(view.order, ['n', 'h', 'w', 'c'])).toEqual(['n', 'c', 'h', 'w']);
});

describe('the value behind a view', () => {
  function imageGraph() {
    const graph = new GraphBuilder();
    return {graph, id: graph.input('x', [6, 7, 3])};
  }

  test('is the value itself where shape and pixels are its own', () => {
    const {graph, id} = imageGraph();
    expect(valueOf(graph, viewOf(id, [1, 6, 7, 3]))).toBe(id);
    expect(valueOf(graph, transposed(viewOf(id, [1, 6, 7, 3]), [0, 3, 1, 2]))).toBe(id);
  });

  test('has the pixels of the shape, or those that it lies in', () => {
    const {graph, id} = imageGraph();
    const rows = viewOf(id, [1, 42, 3]);
    expect(graph.value(valueOf(graph, rows)!)).toMatchObject({
      shape: [42, 3],
      plane: {height: 1, width: 42, channels: 3},
    });
    expect(graph.value(valueAsItLies(graph, rows)!)).toMatchObject({
      shape: [42, 3],
      plane: {height: 6, width: 7, channels: 3},
    });
    expect(graph.value(valueAsItLies(graph, viewOf(id, [1, 126]))!).plane).toEqual({
      height: 1,
      width: 1,
      channels: 126,
    });
  });

  test('is none without a batch axis', () => {
    const {graph, id} = imageGraph();
    expect(valueOf(graph, viewOf(id, [6, 7, 3]))).toBeNull();
    expect(valueAsItLies(graph, viewOf(id, [42, 3]))).toBeNull();
  });
});
