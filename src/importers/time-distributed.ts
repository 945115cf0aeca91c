/** What a TimeDistributed layer computes at every step, as a graph of its own. */
import type {layers} from '@tensorflow/tfjs-layers';
import {graphMacs, planeOfShape, samePlane, type Graph, type Shape, type TimeDistributed} from '../graph';
import {builtInName, isPlainModel} from './built-in';
import {makesMask} from './masks';
import type {Behaviour} from './purity';
import {plainLayer} from './reuse-layer';
import type {LayerUse} from './use';

type Layer = layers.Layer;

/**
 * The steps of a use of a layer; undefined where it is no TimeDistributed layer, or one whose steps can only be computed
 * together by the layer itself.
 */
export function stepsOf(
  use: LayerUse,
  {pure, rowwise}: Behaviour,
  importInner: (layer: Layer, inputShapes: readonly Shape[]) => Graph,
): TimeDistributed | undefined {
  if (!pure || !rowwise || builtInName(use.layer) !== 'TimeDistributed') return undefined;
  const {layer: inner} = use.layer as unknown as {layer: Layer};
  const {shape, plane, dtype} = use.graph.value(use.inputs[0]);
  // A window may only be cut into its steps where these lie one after the other.
  if (shape === null || plane === null || !samePlane(plane, planeOfShape(shape))) return undefined;
  if (dtype !== 'float32' || handsOnMasks(inner)) return undefined;
  const [steps, ...sides] = shape;
  const graph = importInner(inner, [sides]);
  const isKnown = graph.values.every((value) => value.plane !== null && value.dtype === 'float32');
  if (!isKnown || graph.outputs.length !== 1) return undefined;
  return {kind: 'timeDistributed', steps, graph, macs: graphMacs(graph)};
}

function handsOnMasks(given: Layer): boolean {
  const layer = plainLayer(given);
  return isPlainModel(layer) ? layer.layers.some(handsOnMasks) : makesMask(layer);
}
