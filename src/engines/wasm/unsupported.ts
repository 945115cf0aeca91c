/** The graphs that this engine leaves to others. */
import {planeOf, windowOver, type Graph, type Node} from '../../graph';
import {isOpaque} from './opaque';

/** Why a graph cannot run here; null where it can. */
export function unsupportedReason(graph: Graph, backend: string): string | null {
  const odd = [
    ...graph.inputs,
    ...graph.nodes.flatMap(({op, inputs}) => (op.kind === 'external' ? [] : inputs)),
  ]
    .map((id) => graph.values[id])
    .find(isOpaque);
  if (odd) return `'${odd.name}' is no float32 activation of a known shape`;
  const unfit = graph.nodes.find((node) => !fits(node, graph));
  if (unfit) return `the filter of '${unfit.name}' is for another number of channels`;
  const skewed = backend === 'wasm' ? graph.nodes.find((node) => skipsInputs(node, graph)) : undefined;
  return skewed
    ? `tfjs's wasm backend pads '${skewed.name}' in a way of its own, which this engine does not follow`
    : null;
}

/** Whether a filter is for as many channels as the input has; where not, the model itself says what is wrong. */
function fits({op, inputs, weights}: Node, graph: Graph): boolean {
  if (op.kind !== 'conv2d' && op.kind !== 'depthwiseConv2d' && op.kind !== 'conv2dTranspose') return true;
  const {shape} = graph.weights[weights['filter']];
  const taken = shape[shape.length - (op.kind === 'conv2dTranspose' ? 1 : 2)];
  return taken === planeOf(graph.values[inputs[0]]).channels;
}

/** A 'same' convolution whose stride skips the last inputs of an axis: tfjs's wasm backend pads that differently. */
function skipsInputs({op, inputs}: Node, graph: Graph): boolean {
  if (op.kind !== 'conv2d' && op.kind !== 'depthwiseConv2d') return false;
  const {input, output, kernel, strides, dilations} = windowOver(planeOf(graph.values[inputs[0]]), op.window);
  if (op.window.padding !== 'same' || (kernel[0] === 1 && kernel[1] === 1)) return false;
  return input.some(
    (size, axis) => (output[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 < size,
  );
}
