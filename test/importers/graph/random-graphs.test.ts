/**
 * Promise 1 for graph models, over random graphs and films: every output of every frame is what the model itself gives,
 * to 1e-5 of the largest magnitude among its values in the film; where the plan runs in the wasm engine, it is also what a
 * plan that has seen nothing gives, bit for bit.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {withReuse, type ReuseOptions} from '../../../src';
import {backends, useBackend} from '../../backends';
import {alone, externals, expectEqual, framesOf, graphOf} from './playing';
import {build, graphSpec} from './random-graph';

const CASES = Number(process.env['REUSE_CASES'] ?? 150);
/** The same cases in every run, so that a failure is a change's doing; another seed searches elsewhere. */
const SEED = Number(process.env['REUSE_SEED'] ?? 1);

type Spec = Parameters<typeof build>[0];

interface Seen {
  plans: number;
  mixed: number;
}

async function play(spec: Spec, options: ReuseOptions, seen: Seen): Promise<void> {
  const graph = build(spec);
  const model = await graph.load();
  const outputs = model.outputNodes;
  const reuse = withReuse(model, options);
  const fresh = withReuse(model, options);
  const left = externals(graphOf(model));
  if (!left.includes('GraphModel')) seen[left.length > 0 ? 'mixed' : 'plans']++;
  try {
    framesOf(model, 5, spec.seed).forEach((frame, t) => {
      tf.tidy(() => {
        const expected = [model.execute(frame, outputs)].flat();
        const actual = [reuse.execute(frame, outputs)].flat();
        expected.forEach((tensor, i) => expectEqual(actual[i], tensor, `frame ${t}, output ${outputs[i]}`));
        if (options.policy !== 'incremental' || options.engine === 'tfjs') return;
        alone(fresh, frame, outputs).forEach((tensor, i) => {
          const [a, b] = [actual[i], tensor].map((one) => Buffer.from(one.dataSync().slice().buffer));
          if (!a.equals(b))
            throw new Error(`frame ${t}, output ${outputs[i]}: another result than from scratch`);
        });
      });
      tf.dispose(frame);
    });
  } finally {
    reuse.dispose();
    fresh.dispose();
    model.dispose();
  }
}

const OPTIONS: readonly ReuseOptions[] = [
  {policy: 'incremental'},
  {policy: 'auto'},
  {policy: 'incremental', engine: 'tfjs'},
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
      expect(seen.plans).toBeGreaterThan(CASES / 20);
      expect(seen.mixed).toBeGreaterThan(CASES / 20);
    },
    900_000,
  );
});
