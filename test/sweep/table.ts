/**
 * The table of the sweep: ops and layers, each with lists of what it is tried with; and the combinations of these lists in
 * an order of which any beginning is a fair sample. No test.
 */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {model as modelOf, input, type layers, type LayersModel} from '@tensorflow/tfjs-layers';
import {randomize} from '../importers/helpers';
import {TfGraph} from '../importers/graph/tf-graph';

type Choice = string | number | boolean | null | readonly Choice[];
type Lists = Readonly<Record<string, readonly Choice[]>>;
type Chosen<L extends Lists> = {readonly [K in keyof L]: L[K][number]};

/** A model to try, and the shapes of its frames with their batch axis. */
export interface Tried {
  readonly shapes: readonly (readonly number[])[];
  /** Backends whose own kernel is at fault: it reads outside of its tensors, or is refused by the device. */
  readonly brokenOn: readonly string[];
  /** How far float32 itself may move a result, as a share of the frame's largest magnitude; default 0. */
  readonly rounding?: number;
  load(): Promise<GraphModel | LayersModel>;
}

/** Cpu checks what it is given; others may read what is not there. */
export const ALL_BUT_CPU = ['wasm', 'tensorflow', 'webgl', 'webgpu'];

/** One op or layer. */
export interface Entry {
  readonly name: string;
  readonly lists: Lists;
  /** Null where these choices do not make a model. */
  readonly build: (chosen: Chosen<Lists>) => Tried | null;
}

/** One combination of an entry's choices. */
export interface Combination {
  readonly name: string;
  readonly tried: Tried;
}

export function entry<const L extends Lists>(
  name: string,
  lists: L,
  build: (chosen: Chosen<L>) => Tried | null,
): Entry {
  return {name, lists, build: build as Entry['build']};
}

/** A graph model whose inputs have these shapes, their batch axis among them. */
export function graph(
  shapes: readonly (readonly number[])[],
  make: (graph: TfGraph, inputs: readonly string[]) => void,
  {
    open = false,
    brokenOn = [],
    rounding = 0,
  }: {open?: boolean; brokenOn?: readonly string[]; rounding?: number} = {},
): Tried {
  return {
    shapes,
    brokenOn,
    rounding,
    load() {
      const built = new TfGraph();
      const declared = (shape: readonly number[]) =>
        open && shape.length === 4 ? [1, -1, -1, shape[3]] : shape;
      make(
        built,
        shapes.map((shape, i) => built.input('xyz'[i], declared(shape))),
      );
      return built.load();
    },
  };
}

/** A model of one layer with random weights; shapes without a batch axis. */
export function layer(
  shapes: readonly (readonly number[])[],
  make: () => unknown,
  {open = false, brokenOn = []}: {open?: boolean; brokenOn?: readonly string[]} = {},
): Tried {
  return {
    shapes: shapes.map((shape) => [1, ...shape]),
    brokenOn,
    async load() {
      const declared = (shape: readonly number[]) =>
        open ? shape.map((side, axis) => (axis < shape.length - 1 ? null : side)) : [...shape];
      const inputs = shapes.map((shape) => input({shape: declared(shape)}));
      const outputs = (make() as layers.Layer).apply(inputs.length === 1 ? inputs[0] : inputs);
      const model = modelOf({inputs, outputs: outputs as (typeof inputs)[number]});
      randomize(model, 3);
      return model;
    },
  };
}

/** Combinations of an entry in an order well mixed, those that make no model left out. */
function* combinationsOf({
  name,
  lists,
  build,
}: Entry): Generator<Combination & {readonly choices: readonly string[]}> {
  const keys = Object.keys(lists);
  const total = sizeOf(lists);
  const step = coprimeNear(Math.round(total * 0.618), total);
  for (let i = 0, at = 0; i < total; i++, at = (at + step) % total) {
    const chosen = decode(lists, keys, at);
    const tried = build(chosen);
    if (tried === null) continue;
    const choices = keys.map((key) => `${key}=${JSON.stringify(chosen[key]).replaceAll('"', '')}`);
    yield {name: [name, ...choices].join(' '), choices, tried};
  }
}

function decode(lists: Lists, keys: readonly string[], at: number): Chosen<Lists> {
  const chosen: Record<string, Choice> = {};
  let rest = at;
  for (const key of [...keys].reverse()) {
    chosen[key] = lists[key][rest % lists[key].length];
    rest = Math.floor(rest / lists[key].length);
  }
  return chosen;
}

const sizeOf = (lists: Lists): number =>
  Object.values(lists).reduce((product, list) => product * list.length, 1);

/**
 * A fair sample of an entry's combinations: a few that have every choice of every list among them, and a share of the others.
 * The sample of a smaller share is part of that of a larger one.
 */
export function sampleOf(entry: Entry, share: number): Combination[] {
  const most = Math.floor(share * sizeOf(entry.lists));
  const seen = new Set<string>();
  const taken: Combination[] = [];
  let count = 0;
  for (const combination of combinationsOf(entry)) {
    const isNew = combination.choices.some((choice) => !seen.has(choice));
    if (!isNew && count++ >= most) continue;
    combination.choices.forEach((choice) => seen.add(choice));
    taken.push(combination);
  }
  return taken;
}

/** The combination of this name. */
export function combinationNamed(entries: readonly Entry[], name: string): Combination {
  for (const entry of entries) {
    if (!name.startsWith(`${entry.name} `)) continue;
    for (const combination of combinationsOf(entry)) if (combination.name === name) return combination;
  }
  throw new Error(`The sweep has no combination '${name}'.`);
}

/**
 * Whether a window gives at least one pixel. Where none fits, tfjs's kernels give nothing, or read and write outside of their
 * tensors.
 */
export function fits(
  plane: readonly number[],
  kernel: readonly number[],
  dilations: readonly number[] = [1, 1],
  padding: string | readonly number[] = 'valid',
): boolean {
  if (typeof padding === 'string' && padding.toLowerCase() !== 'valid') return true;
  const pads = typeof padding === 'string' ? [0, 0, 0, 0] : padding;
  return plane.every(
    (side, axis) => side + pads[2 * axis] + pads[2 * axis + 1] > (kernel[axis] - 1) * dilations[axis],
  );
}

/**
 * Where a depthwise convolution reads outside of its tensors: TensorFlow's own does of one channel, to several, where the steps
 * across are the wider ones and the output has a single column.
 */
export const depthwiseBrokenOn = (
  [from, times]: readonly [number, number],
  [down, across]: readonly [number, number],
): string[] => (from === 1 && times > 1 && across > down ? ['tensorflow'] : []);

/** A vector along the last of more than four axes: tfjs makes a shader of that which the device refuses, and gives what lay there. */
export const vectorBrokenOn = (sides: readonly number[], shape: readonly number[]): string[] =>
  sides.length === 1 && sides[0] > 1 && shape.length > 4 ? ['webgpu'] : [];

function coprimeNear(wanted: number, total: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = Math.max(1, wanted);
  while (divisor(step, total) !== 1) step++;
  return step;
}
