/** Which layers make a mask. A mask travels beside the values, which a graph has no place for. */
import {layers} from '@tensorflow/tfjs-layers';
import {builtInName} from './built-in';

type Layer = layers.Layer;

let harmless: ReadonlySet<Layer['computeMask']> | null = null;

/** Whether the layer may give a mask where it was given none. */
export function makesMask(layer: Layer): boolean {
  if (!layer.supportsMasking) return false;
  const name = builtInName(layer);
  if (name !== null) return name === 'Masking' || name === 'Embedding';
  return !passingOn().has(layer.computeMask);
}

/** tfjs's ways to compute a mask that only hand on or join those they are given; user classes inherit them. */
function passingOn(): ReadonlySet<Layer['computeMask']> {
  const name = 'tfjs-reuse';
  harmless ??= new Set([
    layers.Layer.prototype.computeMask,
    layers.RNN.prototype.computeMask,
    layers.add({name}).computeMask,
    layers.concatenate({name}).computeMask,
  ]);
  return harmless;
}
