/**
 * Which convolutions of a graph may be computed in tiles. There a value is off by what rounding makes of the largest one in its
 * window, and not only of its products. Results as large as that one drown the error, unless they are cut off: so where results are
 * kept within bounds, tiles are for inputs that are so, too.
 */
import {
  planeOf,
  type Activation,
  type ConvOp,
  type Graph,
  type Node,
  type MergeOp,
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
const KEEPS_BOUNDS: readonly OpKind[] = [
  'activation',
  'pool2d',
  'globalPool',
  'concat',
  'pad2d',
  'padChannels',
  'sliceChannels',
  'gather2d',
  'upsample2d',
  'resize2d',
  'reshape',
  'depthToSpace',
];

/** What does not add up different channels, so that a small one is not drowned by a large one, and has no bounds. */
const KEEPS_APART: readonly OpKind[] = [
  ...KEEPS_BOUNDS,
  'depthwiseConv2d',
  'affine',
  'batchNorm',
  'merge',
  'prelu',
];

/** What adds up different channels. What else there is may be anything: the model computes it, or it takes the smaller of two. */
const ADDS_UP: readonly OpKind[] = ['conv2d', 'conv2dTranspose', 'dense', 'layerNormalization'];

const GROWS: readonly MergeOp['fn'][] = ['add', 'subtract', 'multiply', 'average'];

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
    const keeps = () =>
      KEEPS_BOUNDS.includes(node.op.kind) && node.inputs.every((input) => bounded.has(input));
    if (BOUNDED.has(activationOf(node)) || keeps()) node.outputs.forEach((output) => bounded.add(output));
  }
  return bounded;
}

/** Whether a node's values, or what becomes of them channel by channel, are kept within bounds, as far as is known. */
function isCutOff({nodes}: Graph, from: Node): boolean {
  const reached = new Set<ValueId>();
  for (const node of nodes) {
    const follows = node.inputs.some((input) => reached.has(input)) && !ADDS_UP.includes(node.op.kind);
    if (node !== from && !follows) continue;
    if (BOUNDED.has(activationOf(node)) || (node !== from && !isUnbounded(node))) return true;
    node.outputs.forEach((output) => reached.add(output));
  }
  return false;
}

const isUnbounded = ({op}: Node): boolean =>
  KEEPS_APART.includes(op.kind) && (op.kind !== 'merge' || GROWS.includes(op.fn));
