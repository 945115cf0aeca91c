/**
 * Promise 1 for graph models, over random graphs and clips: every output of every frame is what the model itself gives, to
 * 1e-5 of its largest magnitude, or, where the model's own results on this backend are that far from those on cpu, to 4
 * times that distance; where the plan runs in the wasm engine, it is also what a plan that has seen nothing gives, bit for
 * bit.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {withReuse, type ReuseOptions} from '../../../src';
import {backends, useBackend, type BackendName} from '../../backends';
import {distance, externals, expectEqual, framesOf, graphOf} from './playing';
import {build, graphSpec, type GraphSpec} from './random-graph';
import {sample} from '../../scale';

const SAMPLE = sample({short: 8, ci: 20, long: 150});

interface Seen {
  plans: number;
  mixed: number;
  /** Tensors that tfjs itself lost where a kernel refused. */
  lost: number;
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
  const frames = framesOf(model, 5, spec.seed);
  try {
    for (const [t, frame] of frames.entries()) {
      const before = tf.memory().numTensors;
      const expected = await run(model, frame).catch(unlessUnsupported);
      if (expected === null) {
        seen.lost += tf.memory().numTensors - before;
        return void tf.dispose(frames);
      }
      const actual = await run(reuse, frame);
      const names = outputs.map((name) => `frame ${t}, output ${name}`);
      try {
        expected.forEach((tensor, i) => expectEqual(actual[i], tensor, names[i]));
      } catch (error) {
        await expectNear(actual, expected, () => run(model, frame), error);
      }
      if (options.policy === 'incremental' && options.engine !== 'tfjs') {
        fresh.reset();
        const scratch = await run(fresh, frame);
        scratch.forEach((tensor, i) => expectSameBits(actual[i], tensor, names[i]));
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

/** TensorFlow has no kernel for some of the dilated depthwise convolutions that tfjs has. */
function unlessUnsupported(error: Error): null {
  if (tf.getBackend() === 'tensorflow' && /does not support dilations/.test(error.message)) return null;
  throw error;
}

/** Within four times what the model's own results on two backends differ by; throws `error` where they are not. */
async function expectNear(
  actual: readonly tf.Tensor[],
  expected: readonly tf.Tensor[],
  run: () => Promise<tf.Tensor[]>,
  error: unknown,
): Promise<void> {
  const backend = tf.getBackend();
  await useBackend('cpu');
  const onCpu = await run();
  const isNear = expected.every((tensor, i) => {
    const [a, b, c] = [actual[i], tensor, onCpu[i]].map((one) => one.dataSync());
    const own = distance(b, c);
    return distance(a, b).error <= Math.max(1e-5 * own.largest, 4 * own.error);
  });
  tf.dispose(onCpu);
  await useBackend(backend as BackendName);
  if (!isNear) throw error;
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
      const seen: Seen = {plans: 0, mixed: 0, lost: 0};
      await fc.assert(
        fc.asyncProperty(graphSpec, (spec) => play(spec, options, seen)),
        SAMPLE,
      );
      expect(tf.memory().numTensors).toBe(before + seen.lost);
      if (options.isAsync) return;
      expect(seen.plans).toBeGreaterThan(SAMPLE.numRuns / 20);
      expect(seen.mixed).toBeGreaterThan(SAMPLE.numRuns / 20);
    },
    900_000,
  );
});
