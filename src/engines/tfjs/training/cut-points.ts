/** Where what goes back region by region ends, in this engine: at ops that are cut points, and at planes that are outputs. */
import * as tf from '@tensorflow/tfjs-core';
import {planeOf, type Graph, type Node, type ValueId} from '../../../graph';
import type {WeightTensors} from '../../shared/weights';
import {opOf} from '../ops';
import type {BackwardCutPoint, CutPointSetting} from '../ops/cut-point';
import type {PortableState} from '../state/state';

export const nodeOf = (graph: Graph, id: ValueId): Node | undefined =>
  graph.nodes.find(({outputs}) => outputs.includes(id));

/** The value whose pixels a cut point uses. */
export function sourceOf(graph: Graph, id: ValueId): ValueId {
  const node = nodeOf(graph, id);
  return node && opOf(node.op).cutPoint ? node.inputs[0] : id;
}

/** A cut point's row for the frame in the stream's state. */
export function rowOf(
  node: Node | undefined,
  tensor: tf.Tensor,
  state: PortableState,
  prepared: WeightTensors,
): tf.Tensor {
  const row = node && opOf(node.op).cutPoint?.row;
  return row ? row(state.partials.get(node.id)!.tensor, prepared) : tensor;
}

export function openCutPoint(graph: Graph, id: ValueId, setting: CutPointSetting): BackwardCutPoint {
  const node = nodeOf(graph, id);
  const cutPoint = node && opOf(node.op).cutPoint;
  return cutPoint ? cutPoint.open(node.op, setting) : planeCutPoint(setting, planeOf(graph.values[id]));
}

/** Each frame's gradient goes to all pixels of a plane that is an output itself. */
function planeCutPoint(
  {rows, frames, below}: CutPointSetting,
  {channels}: {channels: number},
): BackwardCutPoint {
  if (!below) return {};
  const size = rows.length / frames;
  return {
    enter(frame) {
      below.add(null, channels, tf.tensor1d(rows.subarray(frame * size, (frame + 1) * size)));
    },
  };
}
