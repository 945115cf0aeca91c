/**
 * Where an engine makes something else of NaN and infinities than the tfjs backend does. Backends differ among themselves there,
 * some from one processor or one sign bit to the next (relu6(NaN) is NaN on cpu; 0 or 6 on wasm), so that no kernel could
 * follow them all: a frame that holds such values goes to the model, where the plan has an op of this table.
 *
 * The table was measured, op by op: see test/engines/shared/non-finite.test.ts.
 */
import {
  definitionOf,
  type Activation,
  type ConvOp,
  type DepthwiseConvOp,
  type ExternalOp,
  type Graph,
  type MergeOp,
  type Node,
  type Op,
  type OpKind,
  type PoolOp,
} from '../../graph';
import type {Engine} from '../engine';
import {ON_CPU} from './on-cpu';
import {isInTiles} from './tiles';

export interface Place {
  readonly engine: Engine['name'];
  readonly backend: string;
}

/** Values that an op treats otherwise: all that are not finite, or infinities alone. */
export type Odd = 'non-finite' | 'infinite';

export interface OddNode {
  readonly odd: Odd;
  /** Why a frame that holds such a value is not the engine's to compute; a clause. */
  readonly reason: string;
}

/** Activations that are a clamp at their end, so that a NaN does not get through everywhere. */
const CLAMPS = new Set<Activation['name']>(['relu', 'relu6', 'clippedRelu', 'hardSigmoid']);

/** The first node that treats any non-finite value otherwise, else the first that treats infinities so; null for none. */
export function oddNodeOf({nodes, values: activations}: Graph, place: Place): OddNode | null {
  const found = nodes.map((node) => ({node, odd: oddOf(node, activations, place)}));
  const first = found.find(({odd}) => odd === 'non-finite') ?? found.find(({odd}) => odd !== null);
  if (!first?.odd) return null;
  const values = first.odd === 'infinite' ? 'an infinity' : 'a NaN or an infinity';
  const reason =
    `the frame holds ${values}, of which ${calledOf(first.node)} makes something else in the ${place.engine} engine than ` +
    `on tfjs's ${place.backend} backend`;
  return {odd: first.odd, reason};
}

/**
 * Whose results the engine's are held against, where the two are not the same kernels: XNNPACK's on tfjs's wasm backend; a GPU's,
 * where drivers choose; TensorFlow's; or plain JavaScript's.
 */
type Against = 'wasm' | 'gpu' | 'tensorflow' | 'cpu';

interface Setting extends Place {
  readonly against: Against | null;
  /** Of the first input. */
  readonly channels: number;
}

/**
 * On wasm and on GPUs another engine knows nothing of what is chosen, and even the portable one fuses what the model does not, and
 * pools windows side by side. On webgl, where it draws what tfjs draws, they were measured to agree.
 */
function againstWhom({engine, backend}: Place): Against | null {
  if (backend === 'wasm') return 'wasm';
  if (!ON_CPU.has(backend)) return backend === 'webgl' && engine === 'tfjs' ? null : 'gpu';
  if (engine !== 'wasm') return null;
  return backend === 'tensorflow' ? 'tensorflow' : 'cpu';
}

type OddOf<O> = (op: O, setting: Setting) => Odd | null;

const nonFiniteIf = (isOdd: boolean): Odd | null => (isOdd ? 'non-finite' : null);
const alike = (): null => null;
const oddWhereClamped: OddOf<{readonly activation: Activation}> = (op, setting) =>
  nonFiniteIf(isClamped(op, setting));

/** What an op of each kind treats otherwise. */
const ODD = {
  conv2d: (op, setting) => {
    if (isClamped(op, setting) || (op.filters === 1 && isScaling(op, setting))) return 'non-finite';
    // In tiles, infinities are subtracted from each other.
    return setting.engine === 'wasm' && isInTiles(op, setting.channels) ? 'infinite' : null;
  },
  depthwiseConv2d: (op, setting) => nonFiniteIf(isClamped(op, setting) || isScaling(op, setting)),
  conv2dTranspose: oddWhereClamped,
  dense: oddWhereClamped,
  activation: oddWhereClamped,
  affine: oddWhereClamped,
  merge: (op, setting) => nonFiniteIf(isClamped(op, setting) || isExtremum(op, setting)),
  pool2d: (op, setting) => nonFiniteIf(isOddPool(op, setting)),
  // The same whole plane is a pool over a window to some models, and a reduction to others: tfjs's maxima differ.
  globalPool: ({isWindow = false, mode}, {against}) =>
    nonFiniteIf(isWindow && (mode === 'max' || against === 'wasm')),
  // TensorFlow subtracts |x| from x.
  prelu: (_op, {against}) => (against === 'tensorflow' ? 'infinite' : null),
  // XNNPACK takes 0 times all.
  resize2d: (_op, {against}) => nonFiniteIf(against === 'wasm'),
  upsample2d: ({interpolation}, {against}) => nonFiniteIf(interpolation === 'bilinear' && against === 'wasm'),
  batchNorm: alike,
  layerNormalization: alike,
  concat: alike,
  pad2d: alike,
  gather2d: alike,
  sliceChannels: alike,
  depthToSpace: alike,
  padChannels: alike,
  reshape: alike,
  external: oddOfKnown,
} satisfies {readonly [K in OpKind]: OddOf<Extract<Op, {readonly kind: K}>>};

function oddOf({op, inputs}: Node, values: Graph['values'], place: Place): Odd | null {
  const channels = values[inputs[0]]?.plane?.channels ?? 0;
  // The table pairs each kind with its own function; TypeScript cannot follow that through a computed key.
  return (ODD[op.kind] as OddOf<Op>)(op, {...place, channels, against: againstWhom(place)});
}

/** XNNPACK clamps by instructions that let a NaN pass or not, as the processor has it; on a GPU it is the driver's affair. */
function isClamped({activation}: {readonly activation: Activation}, {against}: Setting): boolean {
  return (against === 'wasm' || against === 'gpu') && CLAMPS.has(activation.name);
}

/** Of a convolution of one value for one, which XNNPACK computes as a scaling that is clamped. */
function isScaling({window}: ConvOp | DepthwiseConvOp, {against}: Setting): boolean {
  return against === 'wasm' && window.kernel.every((side) => side === 1);
}

/** Of a NaN and a number, XNNPACK gives the second. */
function isExtremum({fn}: MergeOp, {against, engine}: Setting): boolean {
  return (fn === 'maximum' || fn === 'minimum') && against === 'wasm' && engine === 'wasm';
}

function isOddPool({mode, window}: PoolOp, {against}: Setting): boolean {
  if (against === 'wasm') return true;
  if (against === null || mode !== 'max') return false;
  // Of nothing but NaN or −Infinity, TensorFlow's maximum is the least float. On cpu, pools of one pixel do nothing, so that a NaN stays.
  return against !== 'cpu' || [...window.kernel, ...window.strides].every((side) => side === 1);
}

/** What the engine computes itself though it is external to the plan. */
function oddOfKnown({known}: ExternalOp, place: Place): Odd | null {
  if (place.engine !== 'wasm' || !known) return null;
  return known.kind === 'topK' ? 'non-finite' : (oddNodeOf(known.graph, place)?.odd ?? null);
}

function calledOf({name, op}: Node): string {
  const of = 'activation' in op && op.activation.name !== 'linear' ? op.activation.name : op.kind;
  return `'${name}' (${of})`;
}

/** What the filter of a convolution is multiplied out of. */
const FACTORS = new Set(['filter', 'gamma', 'variance', 'scale']);

/**
 * Why a graph with such weights is not an engine's to compute; null where it is. Engines read zeros around a plane, and 0 times
 * infinity is no 0; XNNPACK multiplies the alpha of a PReLU by 0 where a value is positive.
 * @param weights names of those that are not finite, by node
 */
export function weightsUnsupportedReason(
  weights: Iterable<readonly [Node, readonly string[]]>,
  plan: OddNode | null,
): string | null {
  for (const [{name, op}, names] of weights) {
    if (names.length === 0) continue;
    const isPadded = definitionOf(op).filter !== null;
    const isOdd = (isPadded && names.some((weight) => FACTORS.has(weight))) || op.kind === 'prelu';
    if (plan === null && !isOdd) continue;
    return `the weights of '${name}' hold a NaN or an infinity, of which the engine may make something else than the model`;
  }
  return null;
}

/**
 * Of a recorded frame. The backward pass leaves out what nothing came down to, and reads zeros around a plane; times such a value,
 * zeros are none.
 */
export const NO_GRADIENT =
  'the frame holds a NaN or an infinity, through which gradients do not go back as in the model';

/** @throws where a weight is not finite: gradients would not be the model's, as with such a frame */
export function checkRecordable(weights: Iterable<readonly [Node, readonly string[]]>): void {
  for (const [{name}, names] of weights) {
    if (names.length === 0) continue;
    throw new Error(
      `record(): the weights of '${name}' hold a NaN or an infinity, through which gradients do not go back as in the ` +
        'model. Give it finite weights.',
    );
  }
}

/** Whether all values are finite. */
export function areFinite(values: ArrayLike<number>): boolean {
  // Several sums, for each addition waits for the one before it.
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a += values[i] * 0;
    b += values[i + 1] * 0;
    c += values[i + 2] * 0;
    d += values[i + 3] * 0;
  }
  for (let i = whole; i < values.length; i++) a += values[i] * 0;
  return a + b + c + d === 0;
}
