/** Random graph models, drawn as plain data: each step bends itself to the tensor it reads. Not a test. */
import * as fc from 'fast-check';
import {numbers} from '../helpers';
import {
  activation,
  constant,
  merge,
  noise,
  norm,
  peaks,
  product,
  reduce,
  pattern,
  unknown,
} from './random/arithmetic';
import {Builder, sizeOf, type Grow, type Made} from './random/builder';
import {concat, depth, fold, pad, reshape, resize, slice, split, squeezed, transpose} from './random/moves';
import {TAILS, where} from './random/tails';
import {backwards, conv, depthwise, pool} from './random/windows';
import {FLOAT, INT32, type TfGraph} from './tf-graph';

/** Kinds of steps; a step that does not fit what it reads gives null, and is left out. */
const STEPS = {
  conv,
  depthwise,
  backwards,
  pool,
  reduce,
  activation,
  unknown,
  constant,
  pattern,
  merge,
  concat,
  pad,
  resize,
  depth,
  slice,
  split,
  transpose,
  reshape,
  fold,
  product,
  squeezed,
  norm,
  peaks,
  noise,
} satisfies Record<string, Grow>;

/** A step of the graph: what it does, to which of the tensors so far, and numbers that it takes its choices from. */
export interface Step {
  readonly kind: keyof typeof STEPS;
  readonly from: number;
  readonly beside: number;
  readonly choices: readonly number[];
}

export interface GraphSpec {
  readonly input: readonly [number, number, number];
  readonly integers: boolean;
  readonly channelsFirst: boolean;
  readonly steps: readonly Step[];
  /** What comes of some of the last tensors. */
  readonly tails: readonly Step[];
  readonly seed: number;
}

/** A graph, and the names of what it computes on the way. */
export interface Built {
  readonly graph: TfGraph;
  readonly between: readonly string[];
}

/** @param isAsync whether one of the ends is to be awaited */
export function build(
  {input, integers, channelsFirst, steps, tails, seed}: GraphSpec,
  isAsync = false,
): Built {
  const builder = new Builder();
  const {graph, made} = builder;
  const [height, width, channels] = input;
  const shape = channelsFirst ? [1, channels, height, width] : [1, height, width, channels];
  const x = graph.input('x', shape, integers ? INT32 : FLOAT);
  made.push({name: integers ? graph.node('Cast', [x], {SrcT: INT32, DstT: FLOAT}) : x, shape});
  if (integers) made[0] = {name: graph.node('Mul', [made[0].name, graph.floats([], [0.05])]), shape};
  if (channelsFirst) {
    const last = graph.node('Transpose', [made[0].name, graph.integers([0, 2, 3, 1])]);
    made[0] = {name: last, shape: [1, height, width, channels]};
  }
  const grow = (step: Step, grows: Grow, at: number): Made | null => {
    const choices = numbers(12, seed + 31 * at);
    let next = 0;
    const choose = (...options: number[]) => {
      const choice = step.choices[next % step.choices.length] + Math.floor(50 * (choices[next++ % 12] + 1));
      return options[choice % options.length];
    };
    // Mostly what was made last, so that graphs are deep.
    const from = made[Math.max(0, made.length - 1 - step.from)];
    const beside = made[step.beside % made.length];
    return grows(builder, from, beside, choose);
  };
  steps.forEach((step, at) => {
    const next = grow(step, STEPS[step.kind], at);
    if (next !== null && sizeOf(next.shape) <= 4000) made.push(next);
  });
  tails.forEach((step, at) => void grow(step, TAILS[step.choices[0] % TAILS.length], 100 + at));
  if (isAsync) where(builder, made[made.length - 1], made[0], () => 0);
  return {graph, between: made.slice(1).map(({name}) => name)};
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...(Object.keys(STEPS) as Step['kind'][])),
  from: fc.constantFrom(0, 0, 0, 0, 1, 2, 3),
  beside: fc.nat(20),
  choices: fc.array(fc.nat(60), {minLength: 3, maxLength: 6}),
});

export const graphSpec: fc.Arbitrary<GraphSpec> = fc.record({
  input: fc.tuple(fc.integer({min: 5, max: 9}), fc.integer({min: 5, max: 9}), fc.constantFrom(1, 2, 3, 4)),
  integers: fc.boolean(),
  channelsFirst: fc.boolean(),
  steps: fc.array(step, {minLength: 4, maxLength: 22}),
  tails: fc.array(step, {maxLength: 2}),
  seed: fc.nat(1 << 20),
});
