/**
 * A tf.GraphModel as a graph of one node, which runs the whole model on whole inputs, the batch axis among them. Its
 * outputs have no shape until they are computed.
 */
import type {NamedTensorMap, Tensor} from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {GraphBuilder, type ExternalOp, type Graph} from '../../graph';
import {isAsyncOp, isPureOp} from '../graph-ops';
import type {GraphInput} from './importer';
import {own} from '../own';
import {detached} from './detached';

/** What is read of a model's executor, which tfjs keeps private. */
interface Executing {
  readonly executor?: {
    readonly graph: {readonly nodes: Readonly<Record<string, {readonly op: string}>>};
    readonly functions?: Readonly<Record<string, unknown>>;
  };
  readonly initializer?: unknown;
}

type Model = Pick<GraphModel, 'execute' | 'executeAsync' | 'outputNodes' | 'weights'>;

/** Whether a part of the model ran when it was loaded, and filled tables that its nodes read. */
export function hasInitializer(model: object): boolean {
  return Boolean((model as Executing).initializer);
}

/**
 * The model as one node.
 * @param outputs names of the nodes to compute; the model's own outputs by default
 */
export function wholeGraph(
  model: Model,
  inputs: readonly GraphInput[],
  outputs: readonly string[] = model.outputNodes,
): Graph {
  const ops = opsOf(model);
  const named = (tensors: readonly Tensor[]): NamedTensorMap =>
    Object.fromEntries(inputs.map(({name}, i) => [name, tensors[i]]));
  const op: ExternalOp = {
    kind: 'external',
    label: 'GraphModel',
    pure: ops !== null && ops.every(isPureOp),
    rowwise: false,
    batched: false,
    forms: outputs.map(() => ({shape: null})),
    apply: (tensors) => detached(model, own(model, 'execute')(named(tensors), [...outputs]), tensors),
    // Where the ops cannot be seen, the asynchronous way is the one that always works.
    ...((ops === null || ops.some(isAsyncOp)) && {
      applyAsync: async (tensors: Tensor[]) =>
        detached(model, await own(model, 'executeAsync')(named(tensors), [...outputs]), tensors),
    }),
  };
  const graph = new GraphBuilder();
  const values = inputs.map(({name, shape, dtype}) => graph.input(name, shape, dtype));
  return graph.build(graph.node(op, values, {name: 'model'}));
}

/** The ops of a loaded model; null where they cannot all be seen: functions hold more, and an initializer fills tables. */
function opsOf(model: Model): string[] | null {
  const {executor} = model as unknown as Executing;
  if (!executor || hasInitializer(model) || Object.keys(executor.functions ?? {}).length > 0) return null;
  return Object.values(executor.graph.nodes).map(({op}) => op);
}
