/** What a model makes of an input beside what it makes of it with reuse: the same numbers, or the same error. Not a test. */
import type * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {ReuseModel} from '../../../../src';
import {expectEqual} from '../playing';

/** What came of a call. */
export type Outcome =
  | {readonly tensors: readonly tf.Tensor[]; readonly error: null}
  | {readonly tensors: null; readonly error: string};

export function outcomeOf(run: () => tf.Tensor | tf.Tensor[]): Outcome {
  try {
    return {tensors: [run()].flat(), error: null};
  } catch (error) {
    return {tensors: null, error: (error as Error).message};
  }
}

/** Some of tfjs's ops give tensors that none can be, with sides of NaN; what comes after those is anybody's guess. */
const isReal = ({shape}: tf.Tensor): boolean => shape.every((side) => Number.isInteger(side) && side >= 0);

/**
 * Throws where reuse and the model itself are not of one mind.
 * @returns what the model itself makes of it
 */
export function expectSameOutcome(model: GraphModel, reuse: ReuseModel, x: tf.Tensor): Outcome {
  const expected = outcomeOf(() => model.execute(x));
  const actual = outcomeOf(() => reuse.execute(x));
  if (expected.tensors && !expected.tensors.every(isReal)) return expected;
  if (expected.error !== actual.error) {
    const said = (error: string | null) => (error === null ? 'gives a result' : `throws "${error}"`);
    throw new Error(`the model ${said(expected.error)}, reuse ${said(actual.error)}`);
  }
  expected.tensors?.forEach((tensor, i) => expectEqual(actual.tensors![i], tensor, `output ${i}`));
  return expected;
}
