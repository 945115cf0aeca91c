/**
 * Control flow as TensorFlow 1 has it: which nodes lie within a branch or a loop. What these give in one frame is nothing,
 * or several things one after another, so that it is no value of a plan.
 */
import type {TfNode, Topology} from './topology';

/** The nodes within branches and loops; what ends one, and is in no other, is outside. */
export function nodesInFlow(topology: Topology): ReadonlySet<string> {
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const node = topology.get(name)!;
    // Only a loop's back edge closes a cycle.
    depths.set(name, 0);
    const above = node.inputs
      .filter((ref) => topology.get(ref.node)!.op !== 'NextIteration')
      .map((ref) => depthOf(ref.node));
    const depth = Math.max(0, Math.max(0, ...above) + stepOf(node, topology));
    depths.set(name, depth);
    return depth;
  };
  return new Set([...topology.keys()].filter((name) => depthOf(name) > 0));
}

/** How much deeper what a node gives is than what it reads. */
function stepOf({op, inputs}: TfNode, topology: Topology): number {
  const reads = (other: string) => inputs.some(({node}) => topology.get(node)!.op === other);
  switch (op) {
    case 'Enter':
      return 1;
    case 'Exit':
      return -1;
    // A loop's own Switch leaves it or goes around once more, and its Merge is where both ways in meet.
    case 'Switch':
      return reads('LoopCond') ? 0 : 1;
    case 'Merge':
      return reads('NextIteration') ? 0 : -1;
    default:
      return 0;
  }
}
