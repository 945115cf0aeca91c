/** The TimeDistributed layer: it runs by itself, and says what it computes at every step, as a graph of its own. */
import type {layers} from '@tensorflow/tfjs-layers';
import {graphMacs, planeOfShape, samePlane, type TimeDistributed} from '../../graph';
import {isPlainModel} from '../built-in';
import {emitExternal} from '../external';
import {makesMask} from '../masks';
import {behaviourOf, type Behaviour} from '../purity';
import {plainLayer} from '../reuse-layer';
import {inputRanks, type LayerImporter, type LayerUse} from './use';

type Layer = layers.Layer;

export const timeDistributed: LayerImporter = (use) => {
  const behaviour = behaviourOf(use.layer, inputRanks(use));
  const steps = stepsOf(use, behaviour);
  return steps && emitExternal(use, use.layer, behaviour, 1, steps)[0];
};

/** The steps of a use of the layer; null where they can only be computed together by the layer itself. */
function stepsOf(use: LayerUse, {pure, rowwise}: Behaviour): TimeDistributed | null {
  if (!pure || !rowwise) return null;
  const {layer: inner} = use.layer as unknown as {layer: Layer};
  const {shape, plane} = use.graph.value(use.inputs[0]);
  // A window may only be cut into its steps where these lie one after the other.
  if (shape === null || plane === null || !samePlane(plane, planeOfShape(shape))) return null;
  if (handsOnMasks(inner)) return null;
  const [steps, ...sides] = shape;
  const graph = use.importInner(inner, [sides]);
  const isKnown = graph.values.every((value) => value.plane !== null && value.dtype === 'float32');
  if (!isKnown || graph.outputs.length !== 1) return null;
  return {kind: 'timeDistributed', steps, graph, macs: graphMacs(graph)};
}

function handsOnMasks(given: Layer): boolean {
  const layer = plainLayer(given);
  return isPlainModel(layer) ? layer.layers.some(handsOnMasks) : makesMask(layer);
}
