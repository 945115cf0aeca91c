/** Results that are what the plan is for, and others. */
import * as tf from '@tensorflow/tfjs-core';
import {GraphBuilder, type ExternalOp, type Node, type OutputForm} from '../../../src/graph';
import {checkFilled, checkPlanned, UnplannedResult} from '../../../src/engines/shared/unplanned';
import {useBackend} from '../../backends';

beforeAll(() => useBackend('cpu'));

/** @param batched whether the node gives a batch axis beside what the plan has */
function nodeOf(batched: boolean): Node<ExternalOp> {
  const forms: OutputForm[] = [{shape: [2, 3, 4]}];
  const op: ExternalOp = {
    kind: 'external',
    label: 'Slice',
    pure: true,
    rowwise: false,
    batched,
    forms,
    apply: (inputs) => inputs,
  };
  const graph = new GraphBuilder();
  const outputs = graph.node(op, [graph.input('x', [2, 3, 4])], {name: 'cut'});
  return graph.build(outputs).nodes[0] as Node<ExternalOp>;
}

const SHAPE = [2, 3, 4];
const give = (shape: number[] | null, {batched = true, planned = SHAPE as number[] | null} = {}) =>
  tf.tidy(() => checkPlanned(nodeOf(batched), shape === null ? undefined : tf.zeros(shape), planned));

test('the shape of the plan, behind a batch axis where there is one', () => {
  expect(() => give([1, 2, 3, 4])).not.toThrow();
  expect(() => give([2, 3, 4], {batched: false})).not.toThrow();
});

test('any shape where the plan has none', () => {
  expect(() => give([7], {planned: null})).not.toThrow();
});

test.each([[[1, 2, 3, 5]], [[1, 3, 2, 4]], [[2, 3, 4]], [[1, 24]], [[1, 1, 2, 3, 4]]])(
  'another one: %j',
  (shape) => {
    expect(() => give(shape)).toThrow(UnplannedResult);
    expect(() => give(shape)).toThrow(
      `'cut' (Slice) gave a result of shape [${shape.join(', ')}], and the plan is for [1, 2, 3, 4]`,
    );
  },
);

test('nothing', () => {
  expect(() => give(null)).toThrow("'cut' (Slice) gave fewer results than are asked of it");
  expect(() => give(null, {planned: null})).toThrow(UnplannedResult);
});

test('a value for each place, and fewer or more', () => {
  expect(() => checkFilled({shape: [2, 3]}, 6)).not.toThrow();
  expect(() => checkFilled({shape: []}, 1)).not.toThrow();
  for (const count of [0, 5, 12])
    expect(() => checkFilled({shape: [2, 3]}, count)).toThrow(
      `a tensor of shape [2, 3] came with ${count} values`,
    );
  expect(() => checkFilled({shape: [NaN]}, 0)).toThrow(UnplannedResult);
});
