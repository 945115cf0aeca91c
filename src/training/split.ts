/**
 * Where a graph is cut for training: below, what is computed pixel by pixel and goes back over recorded regions; above,
 * the head, a few vectors a frame, which tfjs computes and differentiates for all frames at once.
 */
import {definitionOf, type Graph, type Node, type ValueId} from '../graph';

export interface Split {
  /**
   * Values handed from below to the head, or out: sums of dense layers and global pools, vectors that join the head, and
   * planes that are outputs.
   */
  readonly cutPoints: readonly ValueId[];
  /** The nodes above, in order. */
  readonly head: readonly Node[];
}

/** @throws where a node above needs a plane from below; names the node */
export function splitGraph(graph: Graph): Split {
  const above = new Set<ValueId>();
  const cutPoints: ValueId[] = [];
  const head: Node[] = [];
  for (const node of graph.nodes) {
    const fromAbove = node.inputs.filter((id) => above.has(id));
    if (fromAbove.length > 0) {
      const fromBelow = node.inputs.filter((id) => !above.has(id));
      if (!fromBelow.every((id) => isVector(graph, id))) throw new Error(mixes(node));
      cutPoints.push(...fromBelow);
      head.push(node);
    } else if (isCutPoint(node)) cutPoints.push(node.outputs[0]);
    else continue;
    node.outputs.forEach((id) => above.add(id));
  }
  const planes = graph.outputs.filter((id) => !above.has(id));
  return {cutPoints: [...new Set([...cutPoints, ...planes])], head};
}

const isCutPoint = ({op}: Node): boolean => definitionOf(op).gradient(op) === 'cut';

/** A few numbers a frame are as good as what a dense layer gives. */
const isVector = ({values}: Graph, id: ValueId): boolean => values[id].shape?.length === 1;

function mixes({name}: Node): string {
  return (
    `record(): '${name}' combines what a dense layer or a global pool gave with an activation below it; ` +
    'recorded frames have no backward pass there. Train this model with tf.variableGrads.'
  );
}
