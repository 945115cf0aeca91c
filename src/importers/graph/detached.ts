/** What a model hands out, as tensors that may be disposed. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';

/**
 * tfjs hands out what it was fed, and its weights, as they are: of these, clones.
 * @param fed the tensors that the model was given
 */
export function detached(
  {weights}: Pick<GraphModel, 'weights'>,
  outputs: Tensor | Tensor[],
  fed: readonly Tensor[] = [],
): Tensor[] {
  const isHeld = (tensor: Tensor) =>
    fed.includes(tensor) || Object.values(weights).some((own) => own.includes(tensor));
  return [outputs].flat().map((tensor) => (isHeld(tensor) ? tensor.clone() : tensor));
}
