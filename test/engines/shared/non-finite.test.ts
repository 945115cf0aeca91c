/**
 * NaN and infinities in a frame, op by op: on every backend and either engine, a frame gives what the model itself gives,
 * whoever computes it; and the table of who that is. A frame after it is right too.
 *
 * It stands for all ops and activations there are: see the last test.
 */
import * as tf from '@tensorflow/tfjs-core';
import {withReuse, type ReuseModel} from '../../../src';
import {ACTIVATION_NAMES, definitions} from '../../../src/graph';
import {backends, useBackend} from '../../backends';
import {numbers} from '../../importers/helpers';
import {atScale, turnOf} from '../../scale';
import {distance} from '../../importers/graph/playing';
import {ROWS, type Model, type Who} from './non-finite-rows';

const POISONS = [NaN, Infinity, -Infinity];

/** The inputs of a frame, the poison at one place of the last one, at another one with the opposite sign, or everywhere. */
function framesOf(model: Model, poison: number): {finite: tf.Tensor[]; poisoned: tf.Tensor[][]} {
  const shapes = model.inputs.map(({shape}) => [1, ...(shape!.slice(1) as number[])]);
  const finite = shapes.map((shape, i) =>
    numbers(tf.util.sizeFromShape(shape), 5 + i).map((value) => 3 * value),
  );
  const tensors = (values: readonly Float32Array[]) =>
    values.map((value, i) => tf.tensor(value.slice(), shapes[i]));
  const last = finite[finite.length - 1];
  const middle = last.length >> 1;
  const variants = [
    last.map((value, i) => (i === middle ? poison : value)),
    last.map((value, i) => (i === middle ? poison : i === middle + 1 ? -poison : value)),
    last.map(() => poison),
  ];
  return {
    finite: tensors(finite),
    poisoned: variants.map((variant) => tensors([...finite.slice(0, -1), variant])),
  };
}

function expectSame(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [actual, expected].map((result) => [result as tf.Tensor | tf.Tensor[]].flat());
  expect(a.length).toBe(b.length);
  b.forEach((tensor, i) => {
    const {error, largest, at} = distance(a[i].dataSync(), tensor.dataSync());
    if (!(error <= 1e-5 * largest)) throw new Error(`${what}: differs by ${error} at ${at}`);
  });
}

/** In a short run each poison is placed in one way, another one for each. */
const placings = (poison: number) =>
  atScale({short: [POISONS.findIndex((other) => Object.is(other, poison))], ci: [0, 1, 2], long: [0, 1, 2]});

/** Frames in turn, from scratch and as an edit, and finite ones between them. */
function check(model: Model, reuse: ReuseModel, poison: number, isModels: boolean): void {
  const {finite, poisoned} = framesOf(model, poison);
  const of = (frame: tf.Tensor[]) => (frame.length === 1 ? frame[0] : frame);
  const play = (frame: tf.Tensor[], what: string) => {
    expectSame(reuse.predict(of(frame)), model.predict(of(frame)), `${what}, ${poison}`);
    return reuse.lastFrame!.path === 'dense';
  };
  for (const placing of placings(poison)) {
    const frame = poisoned[placing];
    reuse.reset();
    expect(play(frame, 'from scratch')).toBe(isModels);
    expect(play(finite, 'the frame after')).toBe(false);
    expect(play(frame, 'edited')).toBe(isModels);
    expect(play(finite, 'the frame after')).toBe(false);
  }
}

const engines = ['auto', 'tfjs'] as const;

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(turnOf(ROWS, backend, backends))('%s: %s', async (_name, who, make) => {
    const model = await make();
    const [cpu, wasm, tensorflow] = who.split(' ');
    const codes = ({cpu, wasm, tensorflow} satisfies Who)[backend];
    engines.forEach((engine, i) => {
      const reuse = withReuse(model, {policy: 'incremental', engine});
      const isModels = (poison: number) => codes[i] === 'M' || (codes[i] === 'I' && !Number.isNaN(poison));
      const poisons = engine === 'auto' ? POISONS : atScale({short: [NaN], ci: POISONS, long: POISONS});
      tf.tidy(() => poisons.forEach((poison) => check(model, reuse, poison, isModels(poison))));
      reuse.dispose();
    });
    model.dispose();
  });
});

test('it stands for every op and every activation', async () => {
  await useBackend('cpu');
  const [kinds, activations] = [new Set<string>(), new Set<string>()];
  for (const [, , make] of ROWS) {
    const model = await make();
    const reuse = withReuse(model, {policy: 'incremental'});
    tf.tidy(() => {
      const {finite} = framesOf(model, NaN);
      reuse.predict(finite.length === 1 ? finite[0] : finite);
    });
    for (const {op} of reuse.lastRun!.graph.nodes) {
      kinds.add(op.kind);
      if ('activation' in op) activations.add(op.activation.name);
    }
    reuse.dispose();
    model.dispose();
  }
  expect([...kinds].sort()).toEqual(Object.keys(definitions).sort());
  expect([...activations].sort()).toEqual([...ACTIVATION_NAMES].sort());
});
