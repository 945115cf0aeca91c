/** Activations that are a node of their own. */
import type {Activation} from '../../../graph';
import {emit, numberAt, viewAt, viewLike, type NodeImporter, type NodeTarget, type NodeUse} from '../use';
import {valueAsItLies, valueOf, type View} from '../view';

const activation =
  (of: (use: NodeUse) => Activation): NodeImporter =>
  (use) => {
    const view = viewAt(use);
    return view && activate(use, view, of(use));
  };

/** Adds an activation that needs no more than each value, so that it does not matter how the pixels lie. */
export function activate(use: NodeTarget, view: View, of: Activation): View[] {
  const op = {kind: 'activation', activation: of} as const;
  const value = valueAsItLies(use.graph, view);
  // A tensor without a batch axis has no shape in the plan, but it has values.
  if (value === null) return [{...view, value: emit(use, op, [view.value])}];
  return [viewLike(use, emit(use, op, [value]), view)];
}

export const named = (name: Activation['name']): NodeImporter => activation(() => ({name}));

/** Over the tensor's last axis, which has to be the channels. */
export const softmax =
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
export const clip: NodeImporter = (use) => {
  const view = viewAt(use);
  const [low, high] = [numberAt(use, 1), numberAt(use, 2)];
  if (!view || low !== 0 || high === null || !(high >= low)) return null;
  return activate(use, view, high === 6 ? {name: 'relu6'} : {name: 'clippedRelu', parameter: high});
};

export const leakyRelu = activation(({attributes}) => ({
  name: 'leakyRelu',
  parameter: attributes.number('alpha', 0.2),
}));
