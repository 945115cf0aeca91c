/**
 * What the model's own nodes and layers give, compared with what the plan has. A shape may depend on the values of a frame, and the plan
 * has that of one: frames with another are the model's to compute.
 */
import type {Tensor} from '@tensorflow/tfjs-core';
import {sizeOf, type ExternalOp, type Node, type Shape} from '../../graph';

/** A result that no plan has a place for. Says which, in a clause. */
export class UnplannedResult extends Error {
  override name = 'UnplannedResult';
}

/**
 * @param planned the shape that the plan has, without the batch axis; null where it is known only once it is computed
 * @throws UnplannedResult
 */
export function checkPlanned(
  node: Node<ExternalOp>,
  output: Tensor | undefined,
  planned: Shape | null,
): asserts output is Tensor {
  if (output === undefined)
    throw new UnplannedResult(`${labelOf(node)} gave fewer results than are asked of it`);
  const expected = planned && (node.op.batched ? [1, ...planned] : planned);
  if (expected === null || isSame(output.shape, expected)) return;
  const [given, wanted] = [output.shape, expected].map((shape) => `[${shape.join(', ')}]`);
  throw new UnplannedResult(
    `${labelOf(node)} gave a result of shape ${given}, and the plan is for ${wanted}`,
  );
}

const labelOf = ({name, op}: Node<ExternalOp>): string => `'${name}' (${op.label})`;

/**
 * Whatever its shape: some of tfjs's kernels for the CPU give tensors of fewer values than their shapes say, and complex ones
 * have two for each place.
 * @param count how many values there are
 * @throws UnplannedResult
 */
export function checkFilled({shape}: {readonly shape: readonly number[]}, count: number): void {
  if (count === sizeOf(shape)) return;
  throw new UnplannedResult(`a tensor of shape [${shape.join(', ')}] came with ${count} values`);
}

function isSame(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((side, axis) => side === b[axis]);
}
