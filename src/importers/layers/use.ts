/** What importing one use of a layer is given and what it gives back; and the few steps that many layers share. */
import type {LayerVariable, layers} from '@tensorflow/tfjs-layers';
import {
  isElementwise,
  LINEAR,
  planeOfShape,
  reshapeTo,
  samePlane,
  type Activation,
  type Graph,
  type GraphBuilder,
  type Op,
  type Plane,
  type Shape,
  type ValueId,
} from '../../graph';

/** One use of a layer in a model: a layer that is shared has several. */
export interface LayerUse {
  readonly layer: layers.Layer;
  /** The layer's name in the model. A layer that wraps another lends it its name. */
  readonly name: string;
  readonly inputs: readonly ValueId[];
  readonly graph: GraphBuilder;
  /** The graph's slot of a weight: one for each variable, however many nodes use it. */
  slot(variable: LayerVariable): number;
  /** A layer inside of this one as a graph of its own. */
  importInner(layer: layers.Layer, inputShapes: readonly Shape[]): Graph;
}

/** Adds a layer's nodes and returns its output; null where the layer, as configured, has to compute itself. */
export type LayerImporter = (use: LayerUse) => ValueId | null;

/** Variables by the op's own names for them; those that the layer does not have are left out. */
export type Variables = Readonly<Record<string, LayerVariable | null | undefined>>;

/** The shape of the use's only, or first, input. Uses whose shapes are unknown never reach an importer. */
export function inputShape({graph, inputs}: LayerUse): Shape {
  const {name, shape} = graph.value(inputs[0]);
  if (shape === null) throw new Error(`The shape of '${name}' is not known.`);
  return shape;
}

/** Uses whose shapes are unknown count as of no axes. */
export function inputRanks({graph, inputs}: LayerUse): number[] {
  return inputs.map((id) => graph.value(id).shape?.length ?? 0);
}

/** The shapes of all inputs. */
export function inputShapes({graph, inputs}: LayerUse): Shape[] {
  return inputs.map((id) => graph.value(id).shape ?? []);
}

export function inputPlane(use: LayerUse): Plane {
  return use.graph.value(use.inputs[0]).plane ?? planeOfShape(inputShape(use));
}

/** Adds the node that gives the layer its output, under the layer's own name. */
export function emit(use: LayerUse, op: Op, variables: Variables = {}, inputs = use.inputs): ValueId {
  return add(use, use.name, op, inputs, variables);
}

/** Adds a node that goes before the one named like the layer. */
export function emitPart(
  use: LayerUse,
  part: string,
  op: Op,
  inputs: readonly ValueId[],
  variables: Variables = {},
) {
  return add(use, `${use.name}/${part}`, op, inputs, variables);
}

/**
 * Adds an op and the activation after it: in one node, or in two where the activation needs a whole pixel. Then the
 * last of them has the layer's name, so that a threshold by that name is one on the layer's result.
 */
export function emitActivated(
  use: LayerUse,
  op: (activation: Activation) => Op,
  activation: Activation,
  variables: Variables = {},
  inputs = use.inputs,
): ValueId {
  if (isElementwise(activation)) return emit(use, op(activation), variables, inputs);
  const linear = emitPart(use, 'linear', op(LINEAR), inputs, variables);
  return emit(use, {kind: 'activation', activation}, {}, [linear]);
}

/** The input with pixels as its shape alone says: a flattened image becomes a plain vector. */
export function ownPixels(use: LayerUse, input: ValueId = use.inputs[0]): ValueId {
  const {shape} = use.graph.value(input);
  return shape === null ? input : withPlane(use, input, planeOfShape(shape));
}

/** The input seen as pixels of another plane. */
export function withPlane(use: LayerUse, input: ValueId, plane: Plane): ValueId {
  const value = use.graph.value(input);
  if (value.shape === null || value.plane === null || samePlane(value.plane, plane)) return input;
  return emitPart(use, 'pixels', reshapeTo(value.shape, plane), [input]);
}

function add(use: LayerUse, name: string, op: Op, inputs: readonly ValueId[], variables: Variables): ValueId {
  const weights: Record<string, number> = {};
  for (const [key, variable] of Object.entries(variables)) {
    if (variable) weights[key] = use.slot(variable);
  }
  // Ops that the graph knows compute in float32, but for those that only move memory.
  const dtype = op.kind === 'reshape' ? use.graph.value(inputs[0]).dtype : 'float32';
  return use.graph.node(op, inputs, {name, weights, dtype})[0];
}

/** A variable that the layer must have, or an error that says how it gets it. */
export function built(use: LayerUse, variable: LayerVariable | null | undefined): LayerVariable {
  if (variable) return variable;
  throw new Error(
    `Layer '${use.name}' has no weights yet. Expected a layer that was built or applied before.`,
  );
}

/** A layer's sizes along height and width; a 1-D layer has height 1. */
export function pair(sides: readonly number[]): [number, number] {
  return sides.length === 1 ? [1, sides[0]] : [sides[0], sides[1]];
}

/** The field of layers over images that says where their channels are. */
export interface Spatial {
  readonly dataFormat: string;
}

export const isNatural = (sides: readonly number[], least: number): boolean =>
  sides.every((side) => Number.isInteger(side) && side >= least);

/** Whether `axis`, counted with the batch axis or from the end, is the last one. */
export function isLastAxis(use: LayerUse, axis: number | readonly number[]): boolean {
  const axes = typeof axis === 'number' ? [axis] : axis;
  const rank = inputShape(use).length;
  return axes.length === 1 && rank > 0 && (axes[0] === -1 || axes[0] === rank);
}
