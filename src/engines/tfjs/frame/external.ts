/** Runs what computes itself, densely, and finds out what of its outputs changed. */
import * as tf from '@tensorflow/tfjs-core';
import type {ExternalOp, Graph, Node, Value} from '../../../graph';
import {Region} from '../../../region';
import {checkPlanned} from '../../shared/unplanned';
import {
  allPixels,
  isOfNumbers,
  pixelCount,
  type RollbackLog,
  type Memory,
  type Tolerance,
} from '../memory/memory';
import type {PortableState} from '../state/state';
import type {Operand} from '../step/step';

/** The inputs as the layer or model expects them. What may keep its inputs gets tensors that no write reaches. */
export function externalInputs(
  graph: Graph,
  node: Node<ExternalOp>,
  memory: Memory,
  operands: readonly Operand[],
): tf.Tensor[] {
  return operands.map(({tensor}, i) => {
    const {shape} = graph.values[node.inputs[i]];
    if (shape === null) return node.op.pure ? tensor : memory.copy(tensor);
    const whole = tf.reshape(tensor, node.op.batched ? [1, ...shape] : [...shape]);
    return node.op.pure ? whole : memory.copy(whole);
  });
}

/** Stores one output; returns the pixels that changed, of a 1×1 plane where the shape is not known before. */
export function storeOutput(
  node: Node<ExternalOp>,
  value: Value,
  output: tf.Tensor | undefined,
  context: {
    state: PortableState;
    memory: Memory;
    full: boolean;
    tolerance: Tolerance | null;
    rollbackLog: RollbackLog | null;
  },
): Region {
  checkPlanned(node, output, value.shape);
  if (value.shape === null || value.plane === null) return storeDynamic(value, output, context);
  const {state, memory, full, tolerance, rollbackLog} = context;
  const {plane} = value;
  const changed = Region.empty(plane.height, plane.width);
  const values = tf.reshape(output, [pixelCount(plane), plane.channels]);
  const slot = state.slots.get(value.id)!;
  memory.write({
    slot,
    pixels: allPixels(pixelCount(plane)),
    values,
    tolerance: full ? null : tolerance,
    changed,
    rollbackLog,
  });
  return full ? Region.full(plane.height, plane.width) : changed;
}

function storeDynamic(
  value: Value,
  output: tf.Tensor,
  {state, memory, rollbackLog}: {state: PortableState; memory: Memory; rollbackLog: RollbackLog | null},
): Region {
  const old = state.dynamic.get(value.id);
  if (old && isSame(memory, old, output)) return Region.empty(1, 1);
  state.dynamic.set(value.id, tf.keep(memory.copy(output)));
  if (rollbackLog && old) {
    rollbackLog.add(old, () => {
      state.dynamic.get(value.id)!.dispose();
      state.dynamic.set(value.id, old);
    });
  } else {
    old?.dispose();
  }
  return Region.full(1, 1);
}

function isSame(memory: Memory, a: tf.Tensor, b: tf.Tensor): boolean {
  if (a.dtype !== b.dtype || !tf.util.arraysEqual(a.shape, b.shape)) return false;
  if (!isOfNumbers(a)) return a.dataId === b.dataId;
  const plane = {height: 1, width: a.size, channels: 1};
  return a.size === 0 || (memory.comparison?.now(a, b, plane, 0).isEmpty ?? false);
}
