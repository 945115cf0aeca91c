/**
 * How this package's own layers are known: each carries the plain tfjs layer it stands for under a symbol. The symbol
 * is registered globally, so that several installed copies of the package understand each other's layers.
 */
import {layers} from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

/** The property under which a reusing layer holds the plain layer that it wraps. */
export const WRAPPED_LAYER: unique symbol = Symbol.for('tfjs-reuse.wrapped') as never;

/** A layer that computes what another one does, incrementally. */
export type ReuseLayer = Layer & {readonly [WRAPPED_LAYER]: Layer};

export function isReuseLayer(layer: Layer): layer is ReuseLayer {
  return (layer as Partial<ReuseLayer>)[WRAPPED_LAYER] instanceof layers.Layer;
}

/** The plain layer behind `layer`: itself, or the one it wraps. */
export function plainLayer(layer: Layer): Layer {
  return isReuseLayer(layer) ? plainLayer(layer[WRAPPED_LAYER]) : layer;
}
