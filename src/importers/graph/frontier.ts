/**
 * The part of a TensorFlow graph that the model computes itself, between what the plan has and what is asked for:
 * which values it is given (its frontier), which nodes it runs, and the call that runs them.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {ExternalOp, OutputForm} from '../../graph';
import {isAsyncOp, isPureOp, isPureWithin} from '../graph-ops';
import {nameOf, tensorOf, type Constant} from './constants';
import {detached} from './detached';
import type {TfNode, TfRef, Topology} from './topology';
import {isOpaqueOperand, isView, type Opaque, type Operand} from './use';
import {planShape, type View} from './view';

export type Executable = Pick<GraphModel, 'execute' | 'executeAsync' | 'weights'>;

/** What is known of a reference; null where nothing is. */
export type Lookup = (ref: TfRef) => Operand | null;

interface Feed {
  readonly name: string;
  /** Where it is in the plan. */
  readonly operand: View | Opaque;
  readonly dtype: tf.DataType;
}

/** Nodes that run before the others, since they read another output of a node than these do. */
interface Prelude {
  /** What they read, by name. */
  readonly feed: string;
  /** What they give. */
  readonly names: readonly string[];
}

export interface Frontier {
  /** Values of the plan that are fed. */
  readonly feeds: readonly Feed[];
  /** Constants that do not follow from weights alone. */
  readonly constants: readonly Constant[];
  /** Values of the plan that are asked for: handed out as they are, in the order of axes and the dtype they have. */
  readonly given: readonly Feed[];
  readonly preludes: readonly Prelude[];
  /** Nodes that run. */
  readonly nodes: readonly TfNode[];
}

/**
 * The frontier below which `refs` are computed; what of these the plan has is handed out as it is. Of a node only one
 * output can be fed at a time: those that read another one run by themselves before, and where that cannot be, the node
 * itself runs.
 * @param dtypeOf the dtype of a node's results, where it is not float32
 */
export function frontierOf(
  refs: readonly TfRef[],
  topology: Topology,
  lookup: Lookup,
  dtypeOf: (node: string) => tf.DataType,
): Frontier {
  const given = new Map(
    refs.filter((ref) => isView(lookup(ref) ?? undefined)).map((ref) => [nameOf(ref), ref]),
  );
  const running = new Set(refs.filter((ref) => !given.has(nameOf(ref))).map(({node}) => node));
  for (;;) {
    const fed = feedsOf(running, topology, lookup);
    const twice = [...fed.values()].filter((ref) => isFedTwice(ref, fed));
    const preludes = twice
      .filter(({output}) => output > 0)
      .map((ref) => preludeOf(ref, running, topology, lookup));
    const failed = preludes.indexOf(null);
    if (failed >= 0 || (twice.length > 0 && preludes.length !== twice.length / 2)) {
      running.add(twice[0].node);
      continue;
    }
    const known = preludes as Prelude[];
    return {
      ...describe(fed, lookup, dtypeOf),
      given: describe(given, lookup, dtypeOf).feeds,
      preludes: known,
      nodes: [...running].map((name) => topology.get(name)!),
    };
  }
}

/** Ops whose results tfjs does not take as feeds: by the dtype it expects, they would be of what they read. */
export const UNFEEDABLE: ReadonlySet<string> = new Set(
  'Equal NotEqual Greater GreaterEqual Less LessEqual IsNan IsInf IsFinite Shape Size Rank Where ArgMax ArgMin'.split(
    ' ',
  ),
);

/** The running nodes that read `ref`, to be run by themselves; null where they read what is not known before. */
function preludeOf(
  ref: TfRef,
  running: ReadonlySet<string>,
  topology: Topology,
  lookup: Lookup,
): Prelude | null {
  const readers = [...running]
    .map((name) => topology.get(name)!)
    .filter(({inputs}) => inputs.some((input) => nameOf(input) === nameOf(ref)));
  const isReady = (input: TfRef) =>
    nameOf(input) === nameOf(ref) || (input.node !== ref.node && lookup(input) !== null);
  if (!readers.every(({op, inputs}) => inputs.every(isReady) && !UNFEEDABLE.has(op))) return null;
  // Only the first output of a reader is fed.
  const others = [...running].flatMap((name) => topology.get(name)!.inputs).filter(({output}) => output > 0);
  if (readers.some(({name}) => others.some(({node}) => node === name))) return null;
  return {feed: nameOf(ref), names: readers.map(({name}) => name)};
}

function isFedTwice({node, output}: TfRef, fed: ReadonlyMap<string, TfRef>): boolean {
  return [...fed.values()].some((other) => other.node === node && other.output !== output);
}

/** What a node reads, and what has to be there before it runs: tfjs looks for both. */
const neededBy = ({inputs, dependencies}: TfNode): TfRef[] => [
  ...inputs,
  ...dependencies.map((node) => ({node, output: 0})),
];

/** What the running nodes read and is known; nodes that are not known run as well. */
function feedsOf(running: Set<string>, topology: Topology, lookup: Lookup): Map<string, TfRef> {
  const fed = new Map<string, TfRef>();
  const open = [...running];
  const seen = new Set(running);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const ref of neededBy(topology.get(name)!)) {
      if (running.has(ref.node)) {
        if (!seen.has(ref.node)) open.push(ref.node);
        seen.add(ref.node);
      } else if (lookup(ref) !== null) {
        fed.set(nameOf(ref), ref);
      } else {
        running.add(ref.node);
        seen.add(ref.node);
        open.push(ref.node);
      }
    }
  }
  return fed;
}

function describe(
  fed: ReadonlyMap<string, TfRef>,
  lookup: Lookup,
  dtypeOf: (node: string) => tf.DataType,
): Pick<Frontier, 'feeds' | 'constants'> {
  const feeds: Feed[] = [];
  const constants: Constant[] = [];
  for (const [name, ref] of fed) {
    const operand = lookup(ref)!;
    if (isView(operand) || isOpaqueOperand(operand)) feeds.push({name, operand, dtype: dtypeOf(ref.node)});
    // The model has its weights itself.
    else if (operand.tensor === null) constants.push(operand);
  }
  return {feeds, constants};
}

/** Whether the model can only compute it asynchronously. */
export const isAsync = ({nodes}: Frontier): boolean => nodes.some(({op}) => isAsyncOp(op));

/** What runs, for reports. */
export function labelOf({nodes}: Frontier): string {
  // Where nothing runs, the order of axes is another one, or the dtype.
  if (nodes.length === 0) return 'Transpose';
  const ops = [...new Set(nodes.map(({op}) => op))].filter((op) => op !== 'Const' && op !== 'Identity');
  return ops.length > 4 ? `${ops.slice(0, 4).join(', ')}, …` : ops.join(', ');
}

/** The op that has the model compute `names` from the values at the frontier. */
export function externalOp(
  model: Executable,
  frontier: Frontier,
  names: readonly string[],
  forms: readonly OutputForm[],
): ExternalOp {
  const feed = (tensors: readonly tf.Tensor[]): tf.NamedTensorMap => ({
    ...Object.fromEntries(frontier.constants.map((constant) => [nameOf(constant.ref), tensorOf(constant)])),
    ...Object.fromEntries(frontier.feeds.map((one, i) => [one.name, asFed(tensors[i], one)])),
  });
  const isPure = frontier.nodes.every(({op}) => isPureOp(op) || isPureWithin(op));
  return {
    kind: 'external',
    label: labelOf(frontier),
    pure: isPure,
    rowwise: false,
    batched: true,
    forms,
    apply: (tensors) =>
      tf.tidy(() => {
        const handed = handedOut(frontier, tensors);
        const rest = names.filter((name) => !handed.has(name));
        if (rest.length === 0) return names.map((name) => handed.get(name)!);
        const fed = withPreludes(model, frontier, feed(tensors));
        return inOrder(names, handed, detached(model, model.execute(fed, rest)));
      }),
    ...(isAsync(frontier) && {
      applyAsync: async (tensors: tf.Tensor[]) => {
        const given = new Set(frontier.given.map(({name}) => name));
        const rest = names.filter((name) => !given.has(name));
        const results = await runAsync(model, frontier, feed(tensors), rest);
        return inOrder(names, handedOut(frontier, tensors), results);
      },
    }),
  };
}

/** What the plan has of what is asked for, by name; these come after the feeds. */
function handedOut({feeds, given}: Frontier, tensors: readonly tf.Tensor[]): Map<string, tf.Tensor> {
  return new Map(given.map((one, i) => [one.name, asFed(tensors[feeds.length + i], one)]));
}

/** What is handed out and what was computed, each where it is asked for. */
function inOrder(
  names: readonly string[],
  handed: ReadonlyMap<string, tf.Tensor>,
  computed: readonly tf.Tensor[],
): tf.Tensor[] {
  let next = 0;
  return names.map((name) => handed.get(name) ?? computed[next++]);
}

/** The values of the plan that a frontier's op takes, in order. */
export const takenBy = ({feeds, given}: Frontier): (View | Opaque)[] =>
  [...feeds, ...given].map(({operand}) => operand);

/** The feeds, with what the preludes give in the place of what they read. */
function withPreludes(model: Executable, {preludes}: Frontier, feed: tf.NamedTensorMap): tf.NamedTensorMap {
  if (preludes.length === 0) return feed;
  const early = new Set(preludes.map(({feed: name}) => name));
  const rest = Object.fromEntries(Object.entries(feed).filter(([name]) => !early.has(name)));
  const results = preludes.flatMap(({feed: name, names}) => {
    const own = Object.entries(rest).filter(([other]) => other.split(':')[0] !== name.split(':')[0]);
    const outputs = [model.execute({...Object.fromEntries(own), [name]: feed[name]}, [...names])].flat();
    return names.map((reader, i) => [reader, outputs[i]] as const);
  });
  return {...rest, ...Object.fromEntries(results)};
}

async function runAsync(
  model: Executable,
  frontier: Frontier,
  feed: tf.NamedTensorMap,
  names: readonly string[],
): Promise<tf.Tensor[]> {
  const fed = withPreludes(model, frontier, feed);
  const all = new Set([...Object.values(feed), ...Object.values(fed)]);
  try {
    return detached(model, await model.executeAsync(fed, [...names]), [...all]);
  } finally {
    all.forEach((tensor) => tensor.dispose());
  }
}

/**
 * A value of the plan as the tensor that the model knows: its axes in their order, its shape, its dtype. Always a fresh
 * one; an op that changes nothing is left out, since each costs tfjs its while, however small it is.
 */
function asFed(tensor: tf.Tensor, {operand, dtype}: Feed): tf.Tensor {
  if (isOpaqueOperand(operand)) return tf.reshape(tensor, [...operand.shape]);
  return tf.tidy(() => {
    const isOrdered = operand.order.every((axis, i) => axis === i);
    const ordered = isOrdered
      ? tensor
      : tf.transpose(tf.reshape(tensor, planShape(operand)), [...operand.order]);
    const shaped = tf.reshape(ordered, [...operand.shape]);
    return shaped.dtype === dtype ? shaped : tf.cast(shaped, dtype);
  });
}

/** The shape and dtype that the model gives one output, by running it on zeros. */
export interface Probe {
  readonly shape: readonly number[];
  readonly dtype: string;
}

const zeros = ({feeds, constants}: Frontier): tf.NamedTensorMap => ({
  ...Object.fromEntries(constants.map((constant) => [nameOf(constant.ref), tensorOf(constant)])),
  ...Object.fromEntries(feeds.map(({name, operand, dtype}) => [name, tf.zeros([...operand.shape], dtype)])),
});

export function probe(model: Executable, frontier: Frontier, name: string): Probe {
  return tf.tidy(() => {
    const feed = withPreludes(model, frontier, zeros(frontier));
    const {shape, dtype} = [model.execute(feed, [name])].flat()[0];
    return {shape: [...shape], dtype};
  });
}

export async function probeAsync(model: Executable, frontier: Frontier, name: string): Promise<Probe> {
  const [tensor] = await runAsync(model, frontier, zeros(frontier), [name]);
  const {shape, dtype} = tensor;
  tensor.dispose();
  return {shape: [...shape], dtype};
}
