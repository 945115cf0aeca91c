/** The op that has the model compute what lies below a frontier, and the calls that it makes. */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {ExternalOp, OutputForm} from '../../graph';
import {isPureOp, isPureWithin} from '../graph-ops';
import {own} from '../own';
import {nameOf, tensorOf} from './constants';
import {detached} from './detached';
import {isAsync, labelOf, type Feed, type Frontier} from './frontier';
import {isOpaqueOperand, type Opaque} from './use';
import {planShape, type View} from './view';

export type Executable = Pick<GraphModel, 'execute' | 'executeAsync' | 'weights'>;

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
        return inOrder(names, handed, detached(model, own(model, 'execute')(fed, rest)));
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
export function withPreludes(
  model: Executable,
  {preludes}: Frontier,
  feed: tf.NamedTensorMap,
): tf.NamedTensorMap {
  if (preludes.length === 0) return feed;
  const early = new Set(preludes.map(({feed: name}) => name));
  const rest = Object.fromEntries(Object.entries(feed).filter(([name]) => !early.has(name)));
  const results = preludes.flatMap(({feed: name, names}) => {
    const others = Object.entries(rest).filter(([other]) => other.split(':')[0] !== name.split(':')[0]);
    const outputs = [
      own(model, 'execute')({...Object.fromEntries(others), [name]: feed[name]}, [...names]),
    ].flat();
    return names.map((reader, i) => [reader, outputs[i]] as const);
  });
  return {...rest, ...Object.fromEntries(results)};
}

export async function runAsync(
  model: Executable,
  frontier: Frontier,
  feed: tf.NamedTensorMap,
  names: readonly string[],
): Promise<tf.Tensor[]> {
  const fed = withPreludes(model, frontier, feed);
  const all = new Set([...Object.values(feed), ...Object.values(fed)]);
  try {
    return detached(model, await own(model, 'executeAsync')(fed, [...names]), [...all]);
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
