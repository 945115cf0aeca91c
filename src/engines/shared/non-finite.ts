/**
 * Where an engine makes something else of NaN and infinities than the tfjs backend does. Backends differ among themselves there,
 * some from one processor or one sign bit to the next (relu6(NaN) is NaN on cpu; 0 or 6 on wasm), so that no kernel could
 * follow them all: a frame that holds such values goes to the model, where the plan has an op of this table.
 *
 * The table was measured, op by op: see test/engines/shared/non-finite.test.ts.
 */
import type {Activation, ExternalOp, Graph, Node, Op} from '../../graph';
import type {Engine} from '../engine';
import {ON_CPU} from './on-cpu';

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
export function oddNodeOf({nodes}: Graph, place: Place): OddNode | null {
  const found = nodes.map((node) => ({node, odd: oddOf(node.op, place)}));
  const first = found.find(({odd}) => odd === 'non-finite') ?? found.find(({odd}) => odd !== null);
  if (!first?.odd) return null;
  const values = first.odd === 'infinite' ? 'an infinity' : 'a NaN or an infinity';
  const reason =
    `the frame holds ${values}, of which ${calledOf(first.node)} makes something else in the ${place.engine} engine than ` +
    `on tfjs's ${place.backend} backend`;
  return {odd: first.odd, reason};
}

function oddOf(op: Op, place: Place): Odd | null {
  if (op.kind === 'external') return place.engine === 'wasm' ? oddOfKnown(op, place) : null;
  // The same whole plane is a pool over a window to some models, and a reduction to others: tfjs's maxima differ.
  if (op.kind === 'globalPool' && op.isWindow && op.mode === 'max') return 'non-finite';
  if (place.backend === 'wasm') return oddOnWasm(op, place);
  if (!ON_CPU.has(place.backend))
    return place.backend === 'webgl' && place.engine === 'tfjs' ? null : oddOnGpu(op);
  if (place.engine !== 'wasm') return null;
  return place.backend === 'tensorflow' ? oddOnTensorFlow(op) : oddOnCpu(op);
}

/** XNNPACK clamps by instructions that let a NaN pass or not, as the processor has it; bilinear resizes take 0 times all. */
function oddOnWasm(op: Op, {engine}: Place): Odd | null {
  if ('activation' in op && CLAMPS.has(op.activation.name)) return 'non-finite';
  if (isScaling(op)) return 'non-finite';
  // Of a NaN and a number, it gives the second.
  if (op.kind === 'merge' && (op.fn === 'maximum' || op.fn === 'minimum') && engine === 'wasm')
    return 'non-finite';
  if (op.kind === 'pool2d' || (op.kind === 'globalPool' && op.isWindow)) return 'non-finite';
  if (op.kind === 'resize2d') return 'non-finite';
  return op.kind === 'upsample2d' && op.interpolation === 'bilinear' ? 'non-finite' : null;
}

/** A convolution of one value for one, which XNNPACK computes as a scaling that is clamped. */
function isScaling(op: Op): boolean {
  const isOneForOne = op.kind === 'depthwiseConv2d' || (op.kind === 'conv2d' && op.filters === 1);
  return isOneForOne && op.window.kernel.every((side) => side === 1);
}

/** A maximum of nothing but NaN or −Infinity is the least float there; PReLU subtracts |x| from x. */
function oddOnTensorFlow(op: Op): Odd | null {
  if (op.kind === 'pool2d' && op.mode === 'max') return 'non-finite';
  return op.kind === 'prelu' ? 'infinite' : null;
}

/**
 * There, drivers choose: another engine knows nothing of it, and even the portable one fuses what the model does not, and pools
 * windows side by side. On webgl, where it draws what tfjs draws, they were measured to agree.
 */
function oddOnGpu(op: Op): Odd | null {
  if ('activation' in op && CLAMPS.has(op.activation.name)) return 'non-finite';
  return op.kind === 'pool2d' && op.mode === 'max' ? 'non-finite' : null;
}

/** Pools of one pixel do nothing, so that a NaN stays. */
function oddOnCpu(op: Op): Odd | null {
  if (op.kind !== 'pool2d' || op.mode !== 'max') return null;
  return [...op.window.kernel, ...op.window.strides].every((side) => side === 1) ? 'non-finite' : null;
}

/** What the engine computes itself though it is external to the plan. */
function oddOfKnown({known}: ExternalOp, place: Place): Odd | null {
  if (known?.kind === 'topK') return 'non-finite';
  return known ? (oddNodeOf(known.graph, place)?.odd ?? null) : null;
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
    const isPadded = op.kind === 'conv2d' || op.kind === 'depthwiseConv2d' || op.kind === 'conv2dTranspose';
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
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  return sum === 0;
}
