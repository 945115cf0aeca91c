/** Activations, batch norms, and arithmetic with a constant: each output value needs its own pixel alone. */
import {LINEAR, sizeOf, type Activation, type Shape, type Weight} from '../../../graph';
import {preluOrder, type SlopeOrder} from '../../asked';
import {graphWeight, type Constant} from '../constants';
import {
  constantAt,
  emit,
  isChannelsLast,
  isImage,
  numberAt,
  viewAt,
  viewLike,
  type NodeImporter,
  type NodeImporters,
  type NodeUse,
} from '../use';
import {planShape, toPlan, valueAsItLies, valueOf, type View} from '../view';

const activation =
  (of: (use: NodeUse) => Activation): NodeImporter =>
  (use) => {
    const view = viewAt(use);
    return view && activate(use, view, of(use));
  };

/** Adds an activation that needs no more than each value, so that it does not matter how the pixels lie. */
export function activate(use: NodeUse, view: View, of: Activation): View[] {
  const op = {kind: 'activation', activation: of} as const;
  const value = valueAsItLies(use.graph, view);
  // A tensor without a batch axis has no shape in the plan, but it has values.
  if (value === null) return [{...view, value: emit(use, op, [view.value])}];
  return [viewLike(use, emit(use, op, [value]), view)];
}

const named = (name: Activation['name']): NodeImporter => activation(() => ({name}));

/** Over the tensor's last axis, which has to be the channels. */
const softmax =
  (name: 'softmax' | 'logSoftmax'): NodeImporter =>
  (use) => {
    const view = viewAt(use);
    if (!view || view.order[view.order.length - 1] !== view.order.length - 1) return null;
    const value = valueOf(use.graph, view);
    return value === null
      ? null
      : [viewLike(use, emit(use, {kind: 'activation', activation: {name}}, [value]), view)];
  };

/** Between 0 and a maximum, as tfjs-layers' reLU({maxValue}) is. */
const clip: NodeImporter = (use) => {
  const view = viewAt(use);
  const [low, high] = [numberAt(use, 1), numberAt(use, 2)];
  if (!view || low !== 0 || high === null || !(high >= low)) return null;
  return activate(use, view, high === 6 ? {name: 'relu6'} : {name: 'clippedRelu', parameter: high});
};

const prelu: NodeImporter = (use) => {
  const view = viewAt(use);
  const slopes = constantAt(use, 1);
  const value = view && valueOf(use.graph, view);
  if (value === null) return null;
  const alpha = slopes && slopesFor(view!, slopes, preluOrder);
  return alpha && [viewLike(use, emit(use, {kind: 'prelu'}, [value], {alpha}), view!)];
};

/** A PReLU's constant beside a view, as the backend has it; null where its way is not known. */
export function slopesFor(view: View, slopes: Constant, orderOf: () => SlopeOrder): Weight | null {
  // What tfjs itself refuses is no business of the plan's.
  const spreadOut = spread(view, slopes);
  if (!spreadOut || isOfAnyOrder(view, slopes)) return spreadOut;
  const order = orderOf();
  if (order !== 'repeated') return order && spreadOut;
  return graphWeight(slopes, planShape(view).slice(1), (values) => {
    const all = Float32Array.from({length: sizeOf(view.shape)}, (_, i) => values[i % values.length]);
    return spreadOver(view, view.shape, all);
  });
}

/** Whether slopes are the same, spread or repeated: one for all, one a channel, or one for each value. */
function isOfAnyOrder(view: View, {shape}: Constant): boolean {
  const size = sizeOf(shape);
  return size === 1 || size === sizeOf(view.shape) || size === shape[shape.length - 1];
}

const biasAdd: NodeImporter = (use) => {
  const view = viewAt(use);
  const bias = constantAt(use, 1);
  const shift = view && bias && spread(view, bias);
  return shift && affine(use, view, null, shift);
};

/** x · scale + shift, either of a value a channel or one for each of the plane's. */
export function affine(use: NodeUse, view: View, scale: Weight | null, shift: Weight | null): View[] | null {
  const value = valueAsItLies(use.graph, view);
  if (value === null) return null;
  return [viewLike(use, emit(use, {kind: 'affine', activation: LINEAR}, [value], {scale, shift}), view)];
}

/** Inputs: x, scale, offset, mean, variance, over the channels. */
const batchNorm: NodeImporter = (use) => {
  const view = viewAt(use);
  if (!isImage(use, view) || !isChannelsLast(use)) return null;
  const all = [1, 2, 3, 4].map((i) => constantAt(use, i));
  // Statistics of another length tfjs takes round and round, or refuses.
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

/**
 * A constant beside a view, as the plan has its values: one a channel, or one for each of the plane's values.
 * @returns null where it is no constant of the view's shape, spread along axes of size 1
 */
export function spread(view: View, constant: Constant, change?: (value: number) => number): Weight | null {
  const rank = view.shape.length;
  const size = sizeOf(constant.shape);
  if (constant.shape.length > rank) return null;
  const sides = toPlan(view, [...new Array<number>(rank - constant.shape.length).fill(1), ...constant.shape]);
  const plan = planShape(view);
  if (sides.some((side, axis) => side !== 1 && side !== plan[axis])) return null;
  const channels = plan[rank - 1];
  const isPerChannel = size === 1 || size === sides[rank - 1];
  const shape = isPerChannel ? [channels] : plan.slice(1);
  return graphWeight(constant, shape, (values) => {
    const changed = change ? values.map(change) : values;
    if (size === 1) return new Float32Array(channels).fill(changed[0]);
    if (isPerChannel) return changed;
    return spreadOver(view, constant.shape, changed);
  });
}

/** A constant's values, read in its own order of axes, for each value of the plan. */
function spreadOver(view: View, shape: Shape, values: Float32Array): Float32Array {
  const rank = view.shape.length;
  const plan = planShape(view);
  const own = [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const steps = own.map((side, i) => (side === 1 ? 0 : sizeOf(own.slice(i + 1))));
  const planSteps = toPlan(view, steps);
  const spreadOut = new Float32Array(sizeOf(plan));
  const at = new Array<number>(rank).fill(0);
  for (let i = 0; i < spreadOut.length; i++) {
    spreadOut[i] = values[at.reduce((sum, index, axis) => sum + index * planSteps[axis], 0)];
    for (let axis = rank - 1; axis >= 0 && ++at[axis] === plan[axis]; axis--) at[axis] = 0;
  }
  return spreadOut;
}

export const pointwise: NodeImporters = {
  Relu: named('relu'),
  Relu6: named('relu6'),
  Elu: named('elu'),
  Selu: named('selu'),
  Sigmoid: named('sigmoid'),
  Tanh: named('tanh'),
  Softplus: named('softplus'),
  LeakyRelu: activation(({attributes}) => ({
    name: 'leakyRelu',
    parameter: attributes.number('alpha', 0.2),
  })),
  Softmax: softmax('softmax'),
  LogSoftmax: softmax('logSoftmax'),
  ClipByValue: clip,
  Prelu: prelu,
  BiasAdd: biasAdd,
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
};
