/**
 * The part of a TensorFlow graph that the model computes itself, between what the plan has and what is asked for:
 * which values it is given (its frontier), which nodes it runs, and the call that runs them.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {ExternalOp, OutputForm} from '../../graph';
import {isAsyncOp, isPureOp, isPureWithin} from '../graph-ops';
import {nameOf, tensorOf, type Constant} from './constants';
import type {TfNode, TfRef, Topology} from './topology';
import {isView, type Operand} from './use';
import {planShape, type View} from './view';

export type Executable = Pick<GraphModel, 'execute' | 'executeAsync' | 'weights'>;

/** What is known of a reference; null where nothing is. */
export type Lookup = (ref: TfRef) => Operand | null;

export interface Frontier {
  /** Values of the plan that are fed, with the names they are fed by. */
  readonly views: readonly {readonly name: string; readonly view: View; readonly dtype: tf.DataType}[];
  /** Constants that do not follow from weights alone. */
  readonly constants: readonly Constant[];
  /** Nodes that run. */
  readonly nodes: readonly TfNode[];
}

/**
 * The frontier below which `refs` are computed. A node of which several outputs would be fed runs itself, since a feed
 * is for one output of a node.
 * @param dtypeOf the dtype of an input of the model; float32 of everything else
 */
export function frontierOf(
  refs: readonly TfRef[],
  topology: Topology,
  lookup: Lookup,
  dtypeOf: (node: string) => tf.DataType,
): Frontier {
  const running = new Set(refs.map(({node}) => node));
  for (;;) {
    const fed = feedsOf(running, topology, lookup);
    const twice = [...fed.values()].find((ref) => isFedTwice(ref, fed));
    if (twice === undefined) return describe(fed, running, topology, lookup, dtypeOf);
    running.add(twice.node);
  }
}

function isFedTwice({node, output}: TfRef, fed: ReadonlyMap<string, TfRef>): boolean {
  return [...fed.values()].some((other) => other.node === node && other.output !== output);
}

/** What the running nodes read and is known; nodes that are not known run as well. */
function feedsOf(running: Set<string>, topology: Topology, lookup: Lookup): Map<string, TfRef> {
  const fed = new Map<string, TfRef>();
  const open = [...running];
  const seen = new Set(running);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const ref of topology.get(name)!.inputs) {
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
  running: ReadonlySet<string>,
  topology: Topology,
  lookup: Lookup,
  dtypeOf: (node: string) => tf.DataType,
): Frontier {
  const views: Frontier['views'][number][] = [];
  const constants: Constant[] = [];
  for (const [name, ref] of fed) {
    const operand = lookup(ref)!;
    if (isView(operand)) views.push({name, view: operand, dtype: dtypeOf(ref.node)});
    // The model has its weights itself.
    else if (operand.tensor === null) constants.push(operand);
  }
  return {views, constants, nodes: [...running].map((name) => topology.get(name)!)};
}

/** Whether the model can only compute it asynchronously. */
export const isAsync = ({nodes}: Frontier): boolean => nodes.some(({op}) => isAsyncOp(op));

/** What runs, for reports. */
export function labelOf({nodes}: Frontier): string {
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
    ...Object.fromEntries(
      frontier.views.map(({name, view, dtype}, i) => [name, asFed(tensors[i], view, dtype)]),
    ),
  });
  const isPure = frontier.nodes.every(({op}) => isPureOp(op) || isPureWithin(op));
  return {
    kind: 'external',
    label: `the model's own ${labelOf(frontier)}`,
    pure: isPure,
    rowwise: false,
    batched: true,
    forms,
    apply: (tensors) => tf.tidy(() => owned(model, [model.execute(feed(tensors), [...names])].flat())),
    ...(isAsync(frontier) && {applyAsync: (tensors: tf.Tensor[]) => runAsync(model, feed(tensors), names)}),
  };
}

async function runAsync(
  model: Executable,
  feed: tf.NamedTensorMap,
  names: readonly string[],
): Promise<tf.Tensor[]> {
  try {
    return owned(model, [await model.executeAsync(feed, [...names])].flat(), Object.values(feed));
  } finally {
    Object.values(feed).forEach((tensor) => tensor.dispose());
  }
}

/** Results that may be disposed: a model hands out what it was fed, and its constants, as they are. */
function owned({weights}: Executable, outputs: tf.Tensor[], fed: readonly tf.Tensor[] = []): tf.Tensor[] {
  const others = new Set<tf.Tensor>([...fed, ...Object.values(weights).flat()]);
  return outputs.map((tensor) => (others.has(tensor) ? tensor.clone() : tensor));
}

/** A value of the plan as the tensor that the model knows: its axes in their order, its shape, its dtype. */
function asFed(tensor: tf.Tensor, view: View, dtype: tf.DataType): tf.Tensor {
  const plan = tf.reshape(tensor, planShape(view));
  const ordered = tf.transpose(plan, [...view.order]);
  const shaped = tf.reshape(ordered, [...view.shape]);
  return dtype === 'float32' ? shaped : tf.cast(shaped, dtype);
}

/** The shape and dtype that the model gives one output, by running it on zeros. */
export interface Probe {
  readonly shape: readonly number[];
  readonly dtype: string;
}

const zeros = ({views, constants}: Frontier): tf.NamedTensorMap => ({
  ...Object.fromEntries(constants.map((constant) => [nameOf(constant.ref), tensorOf(constant)])),
  ...Object.fromEntries(views.map(({name, view, dtype}) => [name, tf.zeros([...view.shape], dtype)])),
});

export function probe(model: Executable, frontier: Frontier, name: string): Probe {
  return tf.tidy(() => {
    const {shape, dtype} = [model.execute(zeros(frontier), [name])].flat()[0];
    return {shape: [...shape], dtype};
  });
}

export async function probeAsync(model: Executable, frontier: Frontier, name: string): Promise<Probe> {
  const feed = zeros(frontier);
  const [tensor] = await runAsync(model, feed, [name]);
  const {shape, dtype} = tensor;
  tensor.dispose();
  return {shape: [...shape], dtype};
}
