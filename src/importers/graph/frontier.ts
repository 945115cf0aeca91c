/**
 * The part of a TensorFlow graph that the model computes itself, between what the plan has and what is asked for:
 * which values it is given (its frontier), and which nodes it runs. Nothing is run here.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {isAsyncOp} from '../graph-ops';
import {nameOf, type Constant} from './constants';
import type {TfNode, TfRef, Topology} from './topology';
import {isOpaqueOperand, isView, type Opaque, type Operand} from './use';
import type {View} from './view';

/** What is known of a reference; null where nothing is. */
export type Lookup = (ref: TfRef) => Operand | null;

export interface Feed {
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
