/** What importing one node of a TensorFlow graph is given and what it gives back; and the few steps that many share. */
import {
  isElementwise,
  LINEAR,
  type Activation,
  type GraphBuilder,
  type Op,
  type ValueId,
  type Weight,
} from '../../graph';
import type {Constant} from './constants';
import type {Attributes} from './attributes';
import type {TfNode} from './topology';
import {planShape, type View} from './view';

/** A value of the plan that is no activation: whole numbers, which only the model's own nodes read. */
export interface Opaque {
  readonly opaque: ValueId;
  readonly shape: readonly number[];
}

/** What a node reads: known before any frame, or a value of the plan. */
export type Operand = Constant | View | Opaque;

/** One node, and where what it becomes is added. */
export interface NodeTarget {
  readonly node: TfNode;
  readonly attributes: Attributes;
  readonly graph: GraphBuilder;
  /** The graph's slot for a weight. */
  slot(weight: Weight): number;
}

/** One node whose inputs are all known or in the plan. */
export interface NodeUse extends NodeTarget {
  readonly operands: readonly Operand[];
}

/** Adds a node and returns its outputs; null where the model has to compute it. */
export type NodeImporter = (use: NodeUse) => (View | Opaque)[] | null;

export const isView = (operand: Operand | undefined): operand is View =>
  operand !== undefined && 'order' in operand;

export const isOpaqueOperand = (operand: Operand | undefined): operand is Opaque =>
  operand !== undefined && 'opaque' in operand;

export function viewAt({operands}: NodeUse, i = 0): View | null {
  const operand = operands[i];
  return isView(operand) ? operand : null;
}

export function constantAt({operands}: NodeUse, i: number): Constant | null {
  const operand = operands[i];
  return operand === undefined || isView(operand) || isOpaqueOperand(operand) ? null : operand;
}

/** A constant that is a list of whole numbers, such as a shape; null where it is anything else. */
export function integersAt(use: NodeUse, i: number): number[] | null {
  const constant = constantAt(use, i);
  return constant?.shape.length === 1 ? wholeNumbersOf(constant) : null;
}

/** The same of a list or of one number, such as axes. */
export function someIntegersAt(use: NodeUse, i: number): number[] | null {
  const constant = constantAt(use, i);
  return constant && constant.shape.length <= 1 ? wholeNumbersOf(constant) : null;
}

function wholeNumbersOf(constant: Constant): number[] | null {
  const values = Array.from(constant.values());
  return values.every(Number.isInteger) ? values : null;
}

/** The first number of a constant, which is what tfjs reads of it where it needs one. */
export const numberAt = (use: NodeUse, i: number): number | null => constantAt(use, i)?.values()[0] ?? null;

/** The same, where it is a whole number. */
export function integerAt(use: NodeUse, i: number): number | null {
  const value = numberAt(use, i);
  return Number.isInteger(value) ? value : null;
}

/** An axis counted from the front; null where there is none. */
export function axisOf(axis: number | null, rank: number): number | null {
  return axis !== null && axis >= -rank && axis < rank ? (axis + rank) % rank : null;
}

/** Weights by the op's own names for them; those that are not there are left out. */
export type Weights = Readonly<Record<string, Weight | null | undefined>>;

/** Adds the node that computes what the TensorFlow node does, under its name. */
export function emit(use: NodeTarget, op: Op, inputs: readonly ValueId[], weights: Weights = {}): ValueId {
  return emitNamed(use, use.node.name, op, inputs, weights);
}

/** Adds a node that goes before the one named like the TensorFlow node. */
export function emitPart(
  use: NodeTarget,
  part: string,
  op: Op,
  inputs: readonly ValueId[],
  weights: Weights = {},
): ValueId {
  return emitNamed(use, `${use.node.name}/${part}`, op, inputs, weights);
}

/** An op and the activation after it: in one node, or in two where the activation needs a whole pixel. */
export function emitActivated(
  use: NodeTarget,
  op: (activation: Activation) => Op,
  activation: Activation,
  inputs: readonly ValueId[],
  weights: Weights = {},
): ValueId {
  if (isElementwise(activation)) return emit(use, op(activation), inputs, weights);
  const linear = emitPart(use, 'linear', op(LINEAR), inputs, weights);
  return emit(use, {kind: 'activation', activation}, [linear]);
}

function emitNamed(
  use: NodeTarget,
  name: string,
  op: Op,
  inputs: readonly ValueId[],
  weights: Weights,
): ValueId {
  const slots: Record<string, number> = {};
  for (const [key, weight] of Object.entries(weights)) if (weight) slots[key] = use.slot(weight);
  return use.graph.node(op, inputs, {name, weights: slots})[0];
}

/** A value whose shape is the tensor's, with its axes in the order that `like` has them. */
export function viewLike({graph}: NodeTarget, value: ValueId, like: View): View {
  const plan = [1, ...graph.value(value).shape!];
  return {value, shape: like.order.map((axis) => plan[axis]), order: like.order};
}

/** The order that an image's axes must have in the plan for an op of this data format. */
export function imageOrder(use: NodeUse): readonly number[] {
  return isChannelsLast(use) ? [0, 1, 2, 3] : [0, 3, 1, 2];
}

/** Whether a view is an image, with its axes as the op reads them. */
export function isImage(use: NodeUse, view: View | null): view is View {
  const order = imageOrder(use);
  if (view === null || view.shape.length !== 4 || planShape(view)[0] !== 1) return false;
  return view.order.every((axis, i) => axis === order[i]);
}

/** Whether channels come last, as most of tfjs's ops read images whatever their `data_format` says. */
export function isChannelsLast({attributes}: NodeUse): boolean {
  const format = attributes.string('data_format', 'NHWC');
  if (format === 'NHWC' || format === 'NCHW') return format === 'NHWC';
  throw new Error(`The data format is '${format}'; expected NHWC or NCHW.`);
}

/** Height and width out of a list by axis, such as strides: its middle, as tfjs reads it for any order of axes. */
export function spatial(list: readonly number[]): [number, number] {
  if (list.length === 4) return [list[1], list[2]];
  throw new Error(`A list by axis has ${list.length} numbers; expected 4.`);
}
