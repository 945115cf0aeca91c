/**
 * Dilated convolutions as TensorFlow 1 writes them: the space dealt out to the batch, a plain convolution, and back.
 * Found in a topology and written as what they are, so that the importer meets ordinary convolutions only.
 */
import type {Shape} from '../../graph';
import type {Attributes} from './attributes';
import type {TfNode, TfRef, Topology} from './topology';

const CONVOLUTIONS = new Set([
  'Conv2D',
  '_FusedConv2D',
  'DepthwiseConv2dNative',
  'FusedDepthwiseConv2dNative',
]);
/** What may stand between the convolution and the way out of the batch: each pixel by itself. */
const POINTWISE = new Set(['BiasAdd', 'Relu', 'Relu6', 'Elu', 'Sigmoid', 'Tanh', 'FusedBatchNormV3']);

/** Our own attribute of such a convolution: how the space was dealt out, [rows, columns, top, bottom, left, right]. */
const DEALT = 'tfjs-reuse:dealt';

/** Rows and columns that each part of the batch gets of a plane; a fraction where it cannot be dealt out. */
export function sizesOfDealt(attributes: Attributes, [height, width]: readonly number[]): [number, number] {
  const [rows, columns, top, bottom, left, right] = attributes.integers(DEALT, [1, 1, 0, 0, 0, 0]);
  return [(top + height + bottom) / rows, (left + width + right) / columns];
}

export interface Dilated {
  readonly topology: Topology;
  /** Nodes that give a plane here, and in the model what was dealt out of it: they cannot stand for each other. */
  readonly within: ReadonlySet<string>;
}

/** The values of a constant; null where it is none, or of another shape. */
type Integers = (ref: TfRef, shape: Shape) => number[] | null;

/**
 * @param outputs nodes that are asked for: what they give is to be what they say
 */
export function withDilations(topology: Topology, integers: Integers, outputs: ReadonlySet<string>): Dilated {
  const readers = countReaders(topology, outputs);
  const changed = new Map<string, TfNode>();
  const within = new Set<string>();
  for (const end of topology.values()) {
    if (end.op !== 'BatchToSpaceND') continue;
    const [conv, identity] = rewrittenAt(end, topology, readers, integers);
    if (!conv) continue;
    changed.set(conv.name, conv).set(identity.name, identity);
    for (let {name} = topology.get(end.inputs[0].node)!; ; name = topology.get(name)!.inputs[0].node) {
      within.add(name);
      if (name === conv.name) break;
    }
  }
  return {topology: changed.size === 0 ? topology : new Map([...topology, ...changed]), within};
}

function countReaders(topology: Topology, outputs: ReadonlySet<string>): Map<string, number> {
  const readers = new Map([...outputs].map((node) => [node, 1]));
  for (const {inputs} of topology.values()) {
    for (const {node} of inputs) readers.set(node, (readers.get(node) ?? 0) + 1);
  }
  return readers;
}

/** The nodes that are to be read in another way; none where something about the pattern is odd. */
function rewrittenAt(...pattern: Parameters<typeof rewrite>): TfNode[] {
  try {
    return rewrite(...pattern) ?? [];
  } catch {
    return [];
  }
}

/** The convolution and the last node, as they are to be read; null where the pattern is another one. */
function rewrite(
  end: TfNode,
  topology: Topology,
  readers: ReadonlyMap<string, number>,
  integers: Integers,
): TfNode[] | null {
  const [from, endBlock, cropsRef] = end.inputs;
  const isAlone = ({name}: TfNode) => readers.get(name) === 1;
  let conv = firstAbove(end, topology);
  while (POINTWISE.has(conv.op) && isAlone(conv)) conv = firstAbove(conv, topology);
  if (!CONVOLUTIONS.has(conv.op) || !isAlone(conv)) return null;
  const start = firstAbove(conv, topology);
  if (start.op !== 'SpaceToBatchND' || !isPlain(conv)) return null;
  if (![start, end].every(({inputs, dependencies}) => inputs.length === 3 && dependencies.length === 0))
    return null;
  const [block, back] = [start.inputs[1], endBlock].map((ref) => integers(ref, [2]));
  const [pads, crops] = [start.inputs[2], cropsRef].map((ref) => integers(ref, [2, 2]));
  if (!block || !back || !pads || !crops || `${block}` !== `${back}`) return null;
  if ([...pads, ...crops].some((side) => side < 0)) return null;
  const padding = pads.map((side, i) => side - crops[i]);
  if (padding.some((side) => side < 0)) return null;
  const attributes = conv.attributes.with({
    dilations: [1, ...block, 1],
    padding: 'EXPLICIT',
    explicit_paddings: [0, 0, ...padding, 0, 0],
    [DEALT]: [...block, ...pads],
  });
  return [
    {...conv, attributes, inputs: [start.inputs[0], ...conv.inputs.slice(1)]},
    {...end, op: 'Identity', inputs: [from]},
  ];
}

/** The node that another one reads first. @throws where that is not the only output which nodes of the pattern have */
function firstAbove({inputs: [{node, output}]}: TfNode, topology: Topology): TfNode {
  if (output !== 0) throw new Error(`'${node}' has no output ${output}.`);
  return topology.get(node)!;
}

/** Steps of one pixel, no padding of its own, channels last. */
function isPlain({attributes}: TfNode): boolean {
  const isOne = (name: string) => attributes.integers(name, [1, 1, 1, 1]).every((side) => side === 1);
  return (
    isOne('strides') &&
    isOne('dilations') &&
    attributes.string('padding') === 'VALID' &&
    attributes.string('data_format', 'NHWC') === 'NHWC'
  );
}
