/**
 * Whether a batch is worth computing frame by frame. On cpu and wasm it always is: tfjs's own kernels there are slower than
 * the engine whatever the frames show, and wasm has none for the backward pass. TensorFlow itself is many times faster with a
 * whole frame; there the multiply-adds that a batch takes are weighed against those that it takes frame by frame, with
 * the two constants below.
 */
import * as tf from '@tensorflow/tfjs-core';
import {planeOf, definitionOf, sizeOf, type Graph, type Plane, type ValueId} from '../../graph';
import {diff, Region, type Frame} from '../../region';
import {trainsItself} from './backend';
import type {LinearPart} from './linear';

/** What frame by frame costs on a backend, in multiply-adds of the backend's own. */
interface Cost {
  /** One multiply-add of the engine's. It goes through a frame twice on the way there and once in the backward pass. */
  readonly macs: number;
  /** One value of input or output, of every frame: it is brought to the engine, compared, and brought back. */
  readonly value: number;
}

/** Measured on two cores, forwards and backwards together, and rounded up. */
const COSTS: Readonly<Record<string, Cost>> = {tensorflow: {macs: 16, value: 700}};

/** Pairs of consecutive frames that stand for all. */
const SAMPLES = 4;

export function pays(part: LinearPart, x: tf.Tensor): boolean {
  const cost = COSTS[tf.getBackend()] as Cost | undefined;
  if (!cost || !trainsItself(part)) return true;
  const {graph} = part;
  const rows = x.shape[0];
  const {height, width} = planeOf(graph.values[graph.inputs[0]]);
  const values = sizeOf(x.shape) + rows * sizeOf(graph.values[graph.outputs[0]].shape!);
  const whole = macsOf(part, Region.full(height, width));
  const least = cost.macs * whole + cost.value * values;
  return least < rows * whole && least + cost.macs * macsOfChanges(part, x) < rows * whole;
}

/** Multiply-adds that the changes from row to row take, as some of them tell. */
function macsOfChanges(part: LinearPart, x: tf.Tensor): number {
  const {graph} = part;
  const plane = planeOf(graph.values[graph.inputs[0]]);
  const pairs = x.shape[0] - 1;
  const count = Math.min(SAMPLES, pairs);
  let macs = 0;
  for (let i = 0; i < count; i++) {
    const [previous, next] = framesAt(x, Math.floor((i * pairs) / count), plane);
    macs += macsOf(part, diff(previous, next));
  }
  return count === 0 ? 0 : (macs / count) * pairs;
}

/** A row's values and those of the row after it. */
function framesAt(x: tf.Tensor, row: number, {height, width}: Plane): [Frame, Frame] {
  const [, ...shape] = x.shape;
  const both = tf.slice(x, [row, ...shape.map(() => 0)], [2, ...shape]);
  const data = both.dataSync<'float32'>();
  both.dispose();
  const size = data.length / 2;
  return [
    {data: data.subarray(0, size), height, width},
    {data: data.subarray(size), height, width},
  ];
}

/** Multiply-adds of what a change of the input reaches. */
function macsOf({graph, nodes}: LinearPart, change: Region): number {
  let changed = change;
  let macs = 0;
  for (const node of nodes) {
    const definition = definitionOf(node.op);
    const inputs = [formOf(graph, node.inputs[0])];
    const output = formOf(graph, node.outputs[0]);
    const affected = definition.affected(node.op, inputs, output, [changed]);
    macs += definition.macs(node.op, inputs, output, [changed], affected);
    changed = affected;
  }
  return macs;
}

function formOf({values}: Graph, id: ValueId) {
  return {shape: values[id].shape!, plane: planeOf(values[id])};
}
