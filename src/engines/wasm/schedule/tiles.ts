/**
 * Which convolutions of a graph may be computed in tiles. There a value is off by what rounding makes of the largest one in its window;
 * pixel by pixel, by what it makes of the products of that window alone. Results as large as these values drown that, unless
 * they are cut off: so what is cut off is computed in tiles only where its inputs are, too.
 */
import {
  planeOf,
  type Activation,
  type ConvOp,
  type Graph,
  type Node,
  type OpKind,
  type ValueId,
} from '../../../graph';
import {isInTiles} from '../../shared/tiles';

/** Functions whose values lie within bounds. */
const BOUNDED = new Set<Activation['name']>([
  'relu6',
  'clippedRelu',
  'sigmoid',
  'hardSigmoid',
  'softsign',
  'tanh',
  'softmax',
]);

/** What makes no value larger than the largest of its inputs. */
const KEEPS_BOUNDS = new Set<OpKind>([
  'activation',
  'pool2d',
  'concat',
  'pad2d',
  'padChannels',
  'sliceChannels',
  'gather2d',
  'upsample2d',
  'resize2d',
  'reshape',
  'depthToSpace',
]);

/** What makes of a pixel nothing but the same pixel. */
const POINTWISE = new Set<OpKind>(['activation', 'affine', 'batchNorm', 'merge', 'prelu', 'reshape']);

/** The nodes that may be, as far as can be said without their weights. */
export function tileableNodes(graph: Graph): ReadonlySet<Node> {
  const bounded = boundedValues(graph);
  return new Set(
    graph.nodes.filter((node) => {
      const [input] = node.inputs;
      if (!isConvolution(node) || !isInTiles(node.op, planeOf(graph.values[input]).channels)) return false;
      return bounded.has(input) || !isCutOff(graph, node);
    }),
  );
}

const isConvolution = (node: Node): node is Node<ConvOp> => node.op.kind === 'conv2d';

const activationOf = ({op}: Node): Activation['name'] => ('activation' in op ? op.activation.name : 'linear');

function boundedValues({nodes}: Graph): ReadonlySet<ValueId> {
  const bounded = new Set<ValueId>();
  for (const node of nodes) {
    const keeps = () => KEEPS_BOUNDS.has(node.op.kind) && node.inputs.every((input) => bounded.has(input));
    if (BOUNDED.has(activationOf(node)) || keeps()) node.outputs.forEach((output) => bounded.add(output));
  }
  return bounded;
}

/** Whether a node's values, or what becomes of them pixel by pixel, are kept within bounds. */
function isCutOff({nodes}: Graph, from: Node): boolean {
  const reached = new Set<ValueId>();
  for (const node of nodes) {
    const follows = POINTWISE.has(node.op.kind) && node.inputs.some((input) => reached.has(input));
    if (node !== from && !follows) continue;
    if (BOUNDED.has(activationOf(node))) return true;
    node.outputs.forEach((output) => reached.add(output));
  }
  return false;
}
