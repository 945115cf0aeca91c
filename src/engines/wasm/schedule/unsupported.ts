/** The graphs that this engine leaves to others. */
import {planeOf, windowOver, type Graph, type Node} from '../../../graph';
import {skipsInputs, unsupportedByKernels} from '../../shared/unsupported';

/** Why a graph cannot run here; null where it can. */
export function unsupportedReason(graph: Graph, backend: string): string | null {
  const reason = unsupportedByKernels(graph);
  if (reason) return reason;
  const skewed = backend === 'wasm' ? graph.nodes.find((node) => isSkewed(node, graph)) : undefined;
  return skewed
    ? `tfjs's wasm backend pads '${skewed.name}' in a way of its own, which this engine does not follow`
    : null;
}

function isSkewed({op, inputs}: Node, graph: Graph): boolean {
  if (op.kind !== 'conv2d' && op.kind !== 'depthwiseConv2d') return false;
  return skipsInputs(op.window.padding, windowOver(planeOf(graph.values[inputs[0]]), op.window));
}
