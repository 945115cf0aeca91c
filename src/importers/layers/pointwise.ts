/** Layers of one input whose output pixel needs only the same input pixel: activations and batch normalization. */
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import {isElementwise, type Activation, type Shape, type ValueId} from '../../graph';
import {activationOf, type Activated} from '../activations';
import {preluOrder} from '../asked';
import {
  built,
  emit,
  inputShape,
  ownPixels,
  type LayerImporter,
  type LayerImporters,
  type LayerUse,
} from '../use';

interface BatchNormalization {
  /** A number; an array of one number in models saved by Keras 2.11 and later. */
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  readonly gamma?: LayerVariable;
  readonly beta?: LayerVariable;
  readonly movingMean?: LayerVariable;
  readonly movingVariance?: LayerVariable;
}

function activate(use: LayerUse, activation: Activation): ValueId {
  if (activation.name === 'linear') return use.inputs[0];
  const input = isElementwise(activation) ? use.inputs[0] : ownPixels(use);
  return emit(use, {kind: 'activation', activation}, {}, [input]);
}

/** Whether `axis`, counted with the batch axis or from the end, is the last one. */
function isLastAxis(use: LayerUse, axis: number | readonly number[]): boolean {
  const axes = typeof axis === 'number' ? [axis] : axis;
  const rank = inputShape(use).length;
  return axes.length === 1 && rank > 0 && (axes[0] === -1 || axes[0] === rank);
}

const activation: LayerImporter = (use) => {
  const known = activationOf((use.layer as unknown as Activated).activation);
  return known && activate(use, known);
};

const relu: LayerImporter = (use) => {
  const {maxValue} = use.layer as unknown as {maxValue?: number | null};
  if (maxValue === null || maxValue === undefined) return activate(use, {name: 'relu'});
  return maxValue >= 0 ? activate(use, {name: 'clippedRelu', parameter: maxValue}) : null;
};

const leakyRelu: LayerImporter = (use) => {
  const {alpha} = use.layer as unknown as {alpha: number};
  return activate(use, {name: 'leakyRelu', parameter: alpha});
};

const thresholdedRelu: LayerImporter = (use) => {
  const {theta} = use.layer as unknown as {theta: number};
  return activate(use, {name: 'thresholdedRelu', parameter: theta});
};

const softmax: LayerImporter = (use) => {
  const {axis} = use.layer as unknown as {axis: number | readonly number[]};
  return isLastAxis(use, axis) ? activate(use, {name: 'softmax'}) : null;
};

const prelu: LayerImporter = (use) => {
  const {alpha} = use.layer as unknown as {alpha?: LayerVariable};
  const repeats = preluOrder() === 'repeated';
  if (!repeats && !sharesWholeRows(inputShape(use), built(use, alpha).shape as number[])) return null;
  return emit(use, {kind: 'prelu', ...(repeats && {repeats})}, {alpha: built(use, alpha)}, [ownPixels(use)]);
};

/** Whether slopes are shared over all of the axes that the plan folds into its rows, or over none of them. */
function sharesWholeRows(shape: Shape, slopes: Shape): boolean {
  const folded = shape.slice(0, -2);
  const own = slopes.slice(0, -2);
  return own.every((side) => side === 1) || own.every((side, axis) => side === folded[axis]);
}

const batchNormalization: LayerImporter = (use) => {
  const layer = use.layer as unknown as BatchNormalization;
  // tfjs normalizes tensors of 2 to 4 axes, the batch axis among them, and refuses others.
  if (!isLastAxis(use, layer.axis) || inputShape(use).length > 3) return null;
  const variables = {
    gamma: layer.gamma,
    beta: layer.beta,
    mean: built(use, layer.movingMean),
    variance: built(use, layer.movingVariance),
  };
  return emit(use, {kind: 'batchNorm', epsilon: layer.epsilon}, variables, [ownPixels(use)]);
};

export const pointwise: LayerImporters = {
  Activation: activation,
  ReLU: relu,
  LeakyReLU: leakyRelu,
  ThresholdedReLU: thresholdedRelu,
  ELU: (use) => activate(use, {name: 'elu'}),
  Softmax: softmax,
  PReLU: prelu,
  BatchNormalization: batchNormalization,
};
