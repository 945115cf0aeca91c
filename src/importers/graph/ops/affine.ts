/** What multiplies and adds constants: biases and batch norms. */
import {LINEAR, type Weight} from '../../../graph';
import {graphWeight} from '../constants';
import {spread} from '../spread';
import {constantAt, emit, isChannelsLast, isImage, viewAt, viewLike} from '../use';
import type {NodeImporter, NodeTarget} from '../use';
import {planShape, valueAsItLies, type View} from '../view';

export const biasAdd: NodeImporter = (use) => {
  const view = viewAt(use);
  const bias = constantAt(use, 1);
  const shift = view && bias && spread(view, bias);
  return shift && affine(use, view, null, shift);
};

/** x · scale + shift, either of a value a channel or one for each of the plane's. */
export function affine(
  use: NodeTarget,
  view: View,
  scale: Weight | null,
  shift: Weight | null,
): View[] | null {
  const value = valueAsItLies(use.graph, view);
  if (value === null) return null;
  return [viewLike(use, emit(use, {kind: 'affine', activation: LINEAR}, [value], {scale, shift}), view)];
}

/** Inputs: x, scale, offset, mean, variance, over the channels. */
export const batchNorm: NodeImporter = (use) => {
  const view = viewAt(use);
  if (!isImage(use, view) || !isChannelsLast(use)) return null;
  const all = [1, 2, 3, 4].map((i) => constantAt(use, i));
  // Statistics of another length tfjs takes round and round, or rejects.
  if (!all.every((one) => one?.shape.length === 1 && one.shape[0] === planShape(view)[3])) return null;
  const [gamma, beta, mean, variance] = all.map((one) => one!);
  // As tfjs has it, which takes the statistics it is given, training or not.
  const epsilon = use.attributes.number('epsilon', 0.001);
  const factors = () => {
    const [factor, spread] = [gamma.values(), variance.values()];
    return Float32Array.from(factor, (value, c) => value / Math.sqrt(spread[c] + epsilon));
  };
  if (!factors().every(Number.isFinite)) return null;
  const scale = graphWeight(gamma, gamma.shape, factors);
  const middle = mean.values();
  const factor = factors();
  const shift = graphWeight(beta, beta.shape, (values) =>
    values.map((value, c) => value - middle[c] * factor[c]),
  );
  return affine(use, view, scale, shift);
};
