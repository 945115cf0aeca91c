/**
 * Graphs with one node that is not as TensorFlow writes it: attributes of another kind, inputs too few or too many,
 * constants of another shape, dtype or value. What the model refuses, reuse refuses with the same error; what it bears,
 * reuse computes as it does. On cpu, where an op that tfjs does not check reads no memory of others.
 */
import * as tf from '@tensorflow/tfjs-core';
import {loadGraphModel} from '@tensorflow/tfjs-converter';
import {ready, withReuse} from '../../../src';
import {useBackend} from '../../backends';
import {atScale} from '../../scale';
import {numbers} from '../helpers';
import {bases} from './odd/bases';
import {oddOnes, oddReaders, type Odd} from './odd/mutations';
import {expectSameOutcome} from './odd/same';

/** One in so many is taken: with no divisor in common, all kinds of change to all ops come up. */
const STEP = atScale({short: 596, ci: 7, long: 1});
const SIZES = [
  [6, 8],
  [5, 6],
];

beforeAll(async () => {
  await useBackend('cpu');
  // Which engine 'auto' is hangs on nothing else then.
  await ready();
});

/** Null where the loader itself refuses the graph. */
const load = ({artifacts}: Odd) =>
  loadGraphModel(tf.io.fromMemory(structuredClone(artifacts))).catch(() => null);

/** Plays a frame and one a little changed; says whether the model took them. */
async function play(odd: Odd, engine: 'auto' | 'tfjs', [height, width]: readonly number[]): Promise<boolean> {
  const model = await load(odd);
  if (!model) return false;
  const reuse = withReuse(model, {policy: 'incremental', engine});
  const shape = model.inputs[0].shape!.map((side, axis) => (side < 0 ? [1, height, width, 4][axis] : side));
  const frame = numbers(tf.util.sizeFromShape(shape), 3);
  const taken = [0, 1].map((t) =>
    tf.tidy(() => {
      frame[40 * t] += t;
      return expectSameOutcome(model, reuse, tf.tensor(frame.slice(), shape)).error === null;
    }),
  );
  reuse.dispose();
  model.dispose();
  return taken.every(Boolean);
}

test('the ordinary ones are taken', async () => {
  for (const {name, artifacts} of bases)
    expect([name, await play({name, artifacts}, 'auto', SIZES[0])]).toEqual([name, true]);
});

test('what is done to them has the same outcome with reuse and without', async () => {
  const every = [...bases.flatMap(oddOnes), ...bases.flatMap(oddReaders)];
  const all = every.filter((_, i) => i % STEP === 0);
  const wrong: string[] = [];
  let taken = 0;
  for (const [i, odd] of all.entries()) {
    const [engine, size] = [(['auto', 'tfjs'] as const)[i % 2], SIZES[(i >> 1) % 2]];
    await play(odd, engine, size).then(
      (isTaken) => (taken += isTaken ? 1 : 0),
      ({message}: Error) => wrong.push(`${odd.name} (${engine}, ${size.join(' × ')}): ${message}`),
    );
  }
  expect(wrong).toEqual([]);
  // Neither is all refused, nor all borne.
  expect(taken).toBeGreaterThan(all.length / 5);
  expect(taken).toBeLessThan(all.length);
});
