/** Copies of a frame's outputs, which share nothing with the cache; and the scale of what it holds. */
import * as tf from '@tensorflow/tfjs-core';
import type {Graph} from '../../../graph';
import type {RunOptions} from '../../engine';
import {handedOut} from '../../shared/handed-out';
import {tensorOfOpaque} from '../memory/opaque';
import {readValues} from '../memory/read';
import type {StreamState} from '../memory/state';
import {channelRms} from '../memory/tolerances';
import type {Compiled} from '../schedule/compiled';

/** A tensor for each output that is handed out, or none where the values of the one there is go to `out`. */
export function readOutputs(
  graph: Graph,
  {layouts, place}: Compiled,
  state: StreamState,
  options: RunOptions,
): tf.Tensor[] {
  const {out} = options;
  const outputs = handedOut(graph, options);
  if (out) {
    const [id] = outputs;
    const kept = state.opaque.get(id);
    if (kept) out.set(kept.values);
    else readValues(place.heap, state.at, layouts[id], out);
    return [];
  }
  return outputs.map((id) => {
    const kept = state.opaque.get(id);
    if (kept) return tensorOfOpaque(kept);
    const read = readValues(place.heap, state.at, layouts[id]);
    return tf.tensor(read, [1, ...graph.values[id].shape!], 'float32');
  });
}

/** The root mean square of each channel, by node; of nodes with one output of a known shape. */
export function rmsByNode(
  {nodes, values}: Graph,
  {layouts, place}: Compiled,
  {at}: StreamState,
): Map<number, Float32Array> {
  return new Map(
    nodes
      .filter(({outputs}) => outputs.length === 1 && values[outputs[0]].plane !== null)
      .map(({id, outputs}) => [id, channelRms(place, at, layouts[outputs[0]])]),
  );
}
