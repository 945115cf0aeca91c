/**
 * Promise 1 for graph models, over random graphs and films: every output of every frame is what the model itself gives,
 * to 1e-5 of the largest magnitude among its values in the film; where the plan runs in the wasm engine, it is also what a
 * plan that has seen nothing gives, bit for bit.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {withReuse, type ReuseOptions} from '../../../src';
import {backends, useBackend} from '../../backends';
import {externals, expectEqual, framesOf, graphOf} from './playing';
import {build, graphSpec, type GraphSpec} from './random-graph';

const CASES = Number(process.env['REUSE_CASES'] ?? 150);
/** The same cases in every run, so that a failure is a change's doing; another seed searches elsewhere. */
const SEED = Number(process.env['REUSE_SEED'] ?? 1);

interface Seen {
  plans: number;
  mixed: number;
}

/** The model's own outputs, and some of what it computes on the way. */
function outputsOf(model: GraphModel, between: readonly string[], seed: number): string[] {
  return [...model.outputNodes, ...between.filter((_, i) => (seed >> (i % 16)) % 4 === 0)];
}

async function play(spec: GraphSpec, {isAsync, ...options}: Settings, seen: Seen): Promise<void> {
  const {graph, between} = build(spec, isAsync);
  const model = await graph.load();
  const outputs = outputsOf(model, between, spec.seed);
  const [reuse, fresh] = [withReuse(model, options), withReuse(model, options)];
  const run = async (who: Pick<GraphModel, 'execute' | 'executeAsync'>, frame: tf.NamedTensorMap) =>
    [isAsync ? await who.executeAsync(frame, outputs) : who.execute(frame, outputs)].flat();
  if (!isAsync) note(externals(graphOf(model)), seen);
  try {
    for (const [t, frame] of framesOf(model, 5, spec.seed).entries()) {
      const expected = await run(model, frame);
      const actual = await run(reuse, frame);
      expected.forEach((tensor, i) => expectEqual(actual[i], tensor, `frame ${t}, output ${outputs[i]}`));
      if (options.policy === 'incremental' && options.engine !== 'tfjs') {
        fresh.reset();
        const scratch = await run(fresh, frame);
        scratch.forEach((tensor, i) => expectSameBits(actual[i], tensor, `frame ${t}, output ${outputs[i]}`));
        tf.dispose(scratch);
      }
      tf.dispose([frame, expected, actual]);
    }
  } finally {
    reuse.dispose();
    fresh.dispose();
    model.dispose();
  }
}

/** Whether all of a model is in its plan, or a part of it. */
function note(left: readonly string[], seen: Seen): void {
  if (!left.includes('GraphModel')) seen[left.length > 0 ? 'mixed' : 'plans']++;
}

function expectSameBits(actual: tf.Tensor, scratch: tf.Tensor, what: string): void {
  const [a, b] = [actual, scratch].map((tensor) => Buffer.from(tensor.dataSync().slice().buffer));
  if (!a.equals(b)) throw new Error(`${what}: another result than from scratch`);
}

interface Settings extends ReuseOptions {
  readonly isAsync?: boolean;
}

const OPTIONS: readonly Settings[] = [
  {policy: 'incremental'},
  {policy: 'auto'},
  {policy: 'incremental', engine: 'tfjs'},
  {policy: 'incremental', isAsync: true},
  {policy: 'incremental', engine: 'tfjs', isAsync: true},
];

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(OPTIONS.map((options) => [JSON.stringify(options), options] as const))(
    '%s',
    async (_name, options) => {
      const before = tf.memory().numTensors;
      const seen: Seen = {plans: 0, mixed: 0};
      await fc.assert(
        fc.asyncProperty(graphSpec, (spec) => play(spec, options, seen)),
        {numRuns: CASES, seed: SEED},
      );
      expect(tf.memory().numTensors).toBe(before);
      if (options.isAsync) return;
      expect(seen.plans).toBeGreaterThan(CASES / 20);
      expect(seen.mixed).toBeGreaterThan(CASES / 20);
    },
    900_000,
  );
});
