/**
 * Activations that the op before them applies as it writes, so that what lies between is neither written nor read. These are ops that
 * only copy, images from elsewhere side by side; an op that computes has its activation from the importers.
 */
import {
  definitionOf,
  isElementwise,
  type ElementwiseOp,
  type Graph,
  type Node,
  type ValueId,
} from '../../../graph';
import type {CompileOptions} from '../../engine';

/** The activations, by the value that each is of. */
export type Absorbed = ReadonlyMap<ValueId, Node<ElementwiseOp>>;

/** Where an activation is absorbed, nobody else reads the value, and there is no threshold on it. */
export function absorbedIn(
  {nodes, values, outputs}: Graph,
  thresholds: CompileOptions['thresholds'],
): Absorbed {
  const readers = values.map(() => 0);
  for (const id of [...outputs, ...nodes.flatMap(({inputs}) => inputs)]) readers[id]++;
  const copied = new Set(
    nodes
      .filter(({id, op}) => isCopy({op}) && !thresholds.has(id))
      .flatMap((node) => node.outputs)
      .filter((id) => readers[id] === 1 && values[id].shape?.length === 3),
  );
  return new Map(
    nodes
      .filter(isActivation)
      .filter(({op, inputs}) => copied.has(inputs[0]) && isElementwise(op.activation))
      .map((node) => [node.inputs[0], node]),
  );
}

/** With the memory of a value that an activation is absorbed in for what that gives. */
export function sourcesWith(absorbed: Absorbed, sources: readonly ValueId[]): ValueId[] {
  const own = new Map([...absorbed].map(([id, {outputs}]) => [outputs[0], id]));
  return sources.map((id) => own.get(id) ?? id);
}

const isCopy = ({op}: Pick<Node, 'op'>) => op.kind !== 'reshape' && definitionOf(op).effect(op) === 'copy';

const isActivation = (node: Node): node is Node<ElementwiseOp> => node.op.kind === 'activation';
