/**
 * Gradients of recorded frames against differences of the loss in float64, over random networks: for every op, also those
 * whose gradients tfjs lacks or has wrong.
 */
import * as fc from 'fast-check';
import {useBackend} from '../backends';
import {
  applyEdit,
  buildNetwork,
  clip,
  network,
  random,
  type Edit,
  type NetworkSpec,
} from '../properties/networks';
import {checkSlopes, type EngineName, type Frame} from './exact';
import {sample} from '../scale';

/** Of equal values tf.max gives the gradient to each, so that it is no derivative. */
const untied = network.map((spec): NetworkSpec =>
  spec.head === 'globalMax' ? {...spec, head: 'globalAverage'} : spec,
);

const SAMPLE = sample({short: 5, ci: 50, long: 150});
const FRAMES = 6;

function framesOf({input, seed}: NetworkSpec, edits: readonly Edit[]): Frame[] {
  const next = random(seed);
  const frame = Float32Array.from({length: input[0] * input[1] * input[2]}, () => next() * 2 - 1);
  return edits.slice(0, FRAMES).map((edit) => {
    applyEdit(frame, input, edit);
    return [frame.slice()];
  });
}

function check(engine: EngineName, spec: NetworkSpec, edits: Edit[]): void {
  const model = buildNetwork(spec, 'cpu');
  try {
    fc.pre(model.trainableWeights.length > 0);
    checkSlopes(model, [spec.input], framesOf(spec, edits), engine, spec.seed);
  } finally {
    model.dispose();
  }
}

beforeAll(() => useBackend('cpu'));

it.each(['wasm', 'tfjs'] as const)(
  `on the %s engine agree with differences in float64 in ${SAMPLE.numRuns} random networks`,
  (engine) => {
    fc.assert(
      fc.property(untied, clip, (spec, edits) => check(engine, spec, edits)),
      SAMPLE,
    );
  },
  900_000,
);
