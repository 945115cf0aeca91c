/** Layers and models that compute themselves, as nodes of a graph. */
import * as tf from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';
import type {DType, ExternalOp, OutputForm, Shape, TimeDistributed, ValueId} from '../graph';
import {builtInName} from './built-in';
import type {Behaviour} from './purity';
import type {LayerUse} from './layers/use';

type Layer = layers.Layer;

/** Layers that tfjs computes in the dtype of their inputs; the results of others are float32. */
const KEEPS_DTYPE: ReadonlySet<string> = new Set([
  'Add',
  'Multiply',
  'Maximum',
  'Minimum',
  'Concatenate',
  'ZeroPadding2D',
  'Cropping2D',
  'MaxPooling1D',
  'MaxPooling2D',
  'MaxPooling3D',
  'GlobalMaxPooling1D',
  'GlobalMaxPooling2D',
  'Flatten',
  'Permute',
  'RepeatVector',
  'CenterCrop',
]);

/**
 * Adds a node that runs `layer` on its whole inputs.
 * @param count how many outputs the layer has
 * @param known what it computes, for engines that have a way of their own for it
 */
export function emitExternal(
  use: LayerUse,
  layer: Layer,
  behaviour: Behaviour,
  count: number,
  known?: TimeDistributed,
): ValueId[] {
  if (!layer.built) {
    throw new Error(`Layer '${use.name}' is not built. Expected a layer that was built or applied before.`);
  }
  const shapes = use.inputs.map((id) => use.graph.value(id).shape);
  const op: ExternalOp = {
    kind: 'external',
    label: layer.getClassName(),
    ...behaviour,
    batched: true,
    forms: formsOf(use.name, layer, shapes, count),
    ...(known && {known}),
    apply: (inputs) => applyLayer(use.name, layer, inputs, op.forms),
  };
  const weights = Object.fromEntries(layer.weights.map((variable) => [variable.name, use.slot(variable)]));
  return use.graph.node(op, use.inputs, {name: use.name, weights, dtype: dtypeOf(use, layer)});
}

/** As a model runs its layers: the inputs in an array, at inference, with no other arguments. */
function applyLayer(
  name: string,
  layer: Layer,
  inputs: tf.Tensor[],
  forms: readonly OutputForm[],
): tf.Tensor[] {
  return tf.tidy(() => {
    const outputs = [layer.apply(inputs, {}) as tf.Tensor | tf.Tensor[]].flat();
    forms.forEach(({shape}, i) => checkShape(name, layer, shape, outputs[i]));
    return outputs;
  });
}

/** A class of the user's that gives other shapes than it says would be read past its end, or not to it. */
function checkShape(name: string, layer: Layer, shape: Shape | null, output: tf.Tensor | undefined): void {
  if (output === undefined) throw new Error(`Layer '${name}' gave fewer outputs than it did in its model.`);
  if (shape === null || tf.util.arraysEqual(output.shape, [1, ...shape])) return;
  throw new Error(
    `Layer '${name}' (${layer.getClassName()}) gave a result of shape [${output.shape.join(', ')}], but its ` +
      `computeOutputShape() says [${[1, ...shape].join(', ')}]. Expected the two to agree.`,
  );
}

/** Whether the layer, on the use's inputs, has an output without values, all cropped away for example. */
export function givesNothing({name, layer, inputs, graph}: LayerUse): boolean {
  const shapes = inputs.map((id) => graph.value(id).shape);
  return formsOf(name, layer, shapes, 1).some(({shape}) => shape === null);
}

/**
 * The layer's output shapes for inputs of these shapes; unknown where an input's or any of its sides is. So are those
 * without values: only layers and models themselves compute with nothing.
 */
function formsOf(name: string, layer: Layer, inputs: readonly (Shape | null)[], count: number): OutputForm[] {
  const known = inputs.flatMap((shape) => (shape === null ? [] : [[1, ...shape]]));
  if (known.length < inputs.length) return Array.from({length: count}, () => ({shape: null}));
  const computed = shapesBy(layer, known);
  if (computed === null) return Array.from({length: count}, () => ({shape: null}));
  const shapes = Array.isArray(computed[0]) ? (computed as number[][]) : [computed as number[]];
  return shapes.map(([batch, ...shape]) => {
    if (batch !== 1 && batch !== null) {
      throw new Error(
        `Layer '${name}' (${layer.getClassName()}) changes the batch axis: it turns [${known.join('], [')}] into ` +
          `[${[batch, ...shape].join(', ')}]. Expected a layer that leaves it as it is.`,
      );
    }
    return {shape: shape.every((side) => Number.isInteger(side) && side > 0) ? shape : null};
  });
}

/** What the layer says of its outputs; null where it rejects these inputs, as it will when it is called. */
function shapesBy(layer: Layer, inputs: number[][]): ReturnType<Layer['computeOutputShape']> | null {
  try {
    return layer.computeOutputShape(inputs.length === 1 ? inputs[0] : inputs);
  } catch {
    return null;
  }
}

function dtypeOf(use: LayerUse, layer: Layer): DType {
  const name = builtInName(layer);
  const dtypes = use.inputs.map((id) => use.graph.value(id).dtype);
  const same = dtypes.every((dtype) => dtype === dtypes[0]);
  return name !== null && KEEPS_DTYPE.has(name) && same ? dtypes[0] : 'float32';
}
