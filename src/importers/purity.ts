/**
 * What is known of a layer that computes itself: whether the same inputs always give the same result, and whether each
 * row of a batch is computed by itself. What is not known is taken to be neither.
 */
import type {layers} from '@tensorflow/tfjs-layers';
import {activationOf, type Activated} from './activations';
import {builtInName, isPlainModel} from './built-in';
import {plainLayer} from './reuse-layer';

type Layer = layers.Layer;

export interface Behaviour {
  readonly pure: boolean;
  readonly rowwise: boolean;
}

interface Axes {
  readonly axis?: number | readonly number[];
  readonly axes?: number | readonly number[];
}

interface Cell extends Activated {
  readonly recurrentActivation?: object;
}

/** The fields that hold layers or activations inside of a layer. */
interface Parts extends Activated {
  readonly layer?: Layer;
  readonly forwardLayer?: Layer;
  readonly backwardLayer?: Layer;
  readonly cell?: Cell;
}

/** @param ranks of the layer's inputs, without the batch axis */
export function behaviourOf(layer: Layer, ranks: readonly number[]): Behaviour {
  const pure = isPure(layer);
  return {pure, rowwise: pure && ranks.every((rank) => rank > 0 && !mixesRows(layer, rank))};
}

/** A model's behaviour is that of all its layers. */
export function behaviourOfModel(layersOfModel: readonly Layer[]): Behaviour {
  const pure = layersOfModel.every(isPure);
  return {
    pure,
    rowwise: pure && layersOfModel.every((layer) => ranksOf(layer).every((rank) => !mixesRows(layer, rank))),
  };
}

function isPure(given: Layer): boolean {
  const layer = plainLayer(given);
  if (isPlainModel(layer)) return layer.layers.every(isPure);
  if (layer.getClassName() === 'InputLayer') return true;
  if (builtInName(layer) === null || layer.stateful) return false;
  const {activation, layer: inner, forwardLayer, backwardLayer, cell} = layer as unknown as Parts;
  const known = [activation, cell?.activation, cell?.recurrentActivation].every(
    (part) => activationOf(part) !== null,
  );
  return known && [inner, forwardLayer, backwardLayer].every((part) => !part || isPure(part));
}

/** Whether the layer works along the batch axis. */
function mixesRows(given: Layer, rank: number): boolean {
  const layer = plainLayer(given);
  if (isPlainModel(layer)) {
    return layer.layers.some((part) => ranksOf(part).some((partRank) => mixesRows(part, partRank)));
  }
  const {axis, axes, layer: inner} = layer as unknown as Axes & Parts;
  if ([axis, axes].flat().some((at) => at === 0 || at === -(rank + 1))) return true;
  // What is applied to every step sees the batch axis, and one axis less.
  return inner !== undefined && mixesRows(inner, rank - 1);
}

/** Ranks of a layer's inputs in all its uses, without the batch axis. */
function ranksOf(layer: Layer): number[] {
  return layer.inboundNodes.flatMap((node) => node.inputTensors.map((tensor) => tensor.rank - 1));
}
