/** Why engines with kernels of their own leave a graph to others: what is the same for all of these. */
import {definitionOf, planeOf, type Graph, type Node, type Value} from '../../graph';
import type {ResolvedWindow, Window} from '../../region';
import {isOpaque} from './opaque';

/** A value that is no activation where an op reads one, or a filter that does not fit; null where there is neither. */
export function unsupportedByKernels(graph: Graph): string | null {
  const odd = [
    ...graph.inputs,
    ...graph.nodes.flatMap(({op, inputs}) => (op.kind === 'external' ? [] : inputs)),
  ]
    .map((id) => graph.values[id])
    .find(isOpaque);
  if (odd) return opaqueReason(odd);
  const unfit = graph.nodes.find((node) => !fits(node, graph));
  return unfit ? `the filter of '${unfit.name}' is for another number of channels` : null;
}

function opaqueReason({name, dtype}: Value): string {
  return dtype === 'float32'
    ? `the shape of '${name}' is known only once it is computed`
    : `'${name}' holds ${dtype} values, and its kernels compute with float32 ones`;
}

/** Whether a filter is for as many channels as the input has; where not, the model itself says what is wrong. */
function fits({op, inputs, weights}: Node, graph: Graph): boolean {
  const {filter} = definitionOf(op);
  if (filter === null) return true;
  const {shape} = graph.weights[weights['filter']];
  return shape.at(filter.inputs) === planeOf(graph.values[inputs[0]]).channels;
}

/**
 * A 'same' convolution whose stride skips the last inputs of an axis: tfjs's wasm backend pads that differently from all
 * others (its padding underflows).
 */
export function skipsInputs(
  padding: Window['padding'],
  {input, output, kernel, strides, dilations}: ResolvedWindow,
): boolean {
  if (padding !== 'same' || (kernel[0] === 1 && kernel[1] === 1)) return false;
  return input.some(
    (size, axis) => (output[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 < size,
  );
}
