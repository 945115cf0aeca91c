/**
 * The cut points of what goes back region by region, in this engine: dense layers and global pools over a plane, and planes that
 * are outputs themselves. A pixel gets the gradient of all frames that used it at once: a difference of two running sums,
 * in float64.
 */
import * as tf from '@tensorflow/tfjs-core';
import {planeOf, type Graph, type Node, type ValueId} from '../../../graph';
import {pixelCount, type Memory} from '../memory';
import type {PortableState} from '../state';
import type {Operand, Prepared} from '../step';
import {gradientPlane, type GradientPlane} from './plane';

/** What the backward pass hands to a cut point. */
export interface CutPointSetting {
  readonly memory: Memory;
  /** The activation below, as it is in the frame under way. */
  operand(): Operand;
  readonly prepared: Prepared;
  readonly frames: number;
  /** The loss's gradients for the end's rows. */
  readonly rows: Float32Array;
  /** Where the gradient of the activation below runs up; null where nobody wants it. */
  readonly below: GradientPlane | null;
}

export interface BackwardCutPoint {
  /** Before a frame's pixels break. */
  enter?(frame: number): void;
  /** These pixels of its input were last what they are now in this frame. */
  flush?(frame: number, pixels: Int32Array): void;
  gradients?(): Record<string, Float32Array>;
  dispose?(): void;
}

export const nodeOf = (graph: Graph, id: ValueId): Node | undefined =>
  graph.nodes.find(({outputs}) => outputs.includes(id));

const isReduction = (node: Node | undefined): node is Node =>
  node?.op.kind === 'dense' || node?.op.kind === 'globalPool';

/** The value whose pixels a cut point uses. */
export function sourceOf(graph: Graph, id: ValueId): ValueId {
  const node = nodeOf(graph, id);
  return isReduction(node) ? node.inputs[0] : id;
}

/** A cut point's row: of a dense layer the sums before its activation. */
export function rowOf(node: Node | undefined, tensor: tf.Tensor, state: PortableState, prepared: Prepared) {
  if (node?.op.kind !== 'dense') return tensor;
  const sums = tf.sum(state.partials.get(node.id)!.tensor, 0, true);
  return prepared.bias ? tf.add(sums, prepared.bias) : sums;
}

export function openCutPoint(graph: Graph, id: ValueId, setting: CutPointSetting): BackwardCutPoint {
  const node = nodeOf(graph, id);
  if (!isReduction(node)) return planeCutPoint(setting, planeOf(graph.values[id]));
  if (node.op.kind === 'dense') return denseCutPoint(setting, node.op.units);
  return node.op.kind === 'globalPool' && node.op.mode === 'max'
    ? maxCutPoint(setting)
    : meanCutPoint(setting);
}

/** The sums of the rows' gradients from the frame under way to the last one that used each pixel. */
class SharedRows {
  private readonly prefix: Float64Array;
  private readonly last: Int32Array;

  constructor({rows, frames}: CutPointSetting, pixels: number) {
    const size = rows.length / frames;
    this.prefix = new Float64Array((frames + 1) * size);
    rows.forEach((value, i) => (this.prefix[i + size] = this.prefix[i] + value));
    this.last = new Int32Array(pixels).fill(frames);
  }

  take(frame: number, pixels: Int32Array, size: number): tf.Tensor2D {
    const {prefix, last} = this;
    const sums = new Float32Array(pixels.length * size);
    pixels.forEach((pixel, i) => {
      const [from, to] = [frame * size, last[pixel] * size];
      for (let u = 0; u < size; u++) sums[i * size + u] = prefix[to + u] - prefix[from + u];
      last[pixel] = frame;
    });
    return tf.tensor2d(sums, [pixels.length, size]);
  }

  /** The sum over all frames. */
  total(size: number): Float32Array {
    return Float32Array.from(this.prefix.subarray(this.prefix.length - size));
  }
}

/** dW(p) += a(p) ⊗ ΔD and G(p) += W(p) · ΔD, for each listed pixel p. */
function denseCutPoint(setting: CutPointSetting, units: number): BackwardCutPoint {
  const {memory, prepared, below} = setting;
  const {plane} = setting.operand();
  const {channels} = plane;
  const shared = new SharedRows(setting, pixelCount(plane));
  const kernel = gradientPlane(pixelCount(plane) * channels * units);
  const rowPlane = {...plane, channels: channels * units};
  return {
    flush(frame, pixels) {
      const sums = tf.reshape(shared.take(frame, pixels, units), [-1, 1, units]);
      const {tensor} = setting.operand();
      const values = tf.reshape(memory.gather(tensor, plane, pixels, 0), [-1, channels, 1]);
      kernel.add(pixels, rowPlane.channels, tf.mul(values, sums));
      if (!below) return;
      const weights = tf.reshape(memory.gather(prepared.kernel, rowPlane, pixels, 0), [-1, channels, units]);
      below.add(pixels, channels, tf.sum(tf.mul(weights, sums), -1));
    },
    gradients: () => ({kernel: kernel.read(), bias: shared.total(units)}),
    dispose: () => kernel.dispose(),
  };
}

function meanCutPoint(setting: CutPointSetting): BackwardCutPoint {
  const {below} = setting;
  const {plane} = setting.operand();
  if (!below) return {};
  const shared = new SharedRows(setting, pixelCount(plane));
  return {
    flush(frame, pixels) {
      const sums = shared.take(frame, pixels, plane.channels);
      below.add(pixels, plane.channels, tf.div(sums, pixelCount(plane)));
    },
  };
}

/** All pixels that hold a channel's maximum get a frame's gradient, as tf.max has it. */
function maxCutPoint(setting: CutPointSetting): BackwardCutPoint {
  const {below, rows} = setting;
  const {plane} = setting.operand();
  if (!below) return {};
  return {
    enter(frame) {
      const {channels} = plane;
      const row = tf.tensor1d(rows.subarray(frame * channels, (frame + 1) * channels));
      const values = tf.reshape(setting.operand().tensor, [pixelCount(plane), channels]);
      const isLargest = tf.equal(values, tf.max(values, 0, true));
      below.add(null, channels, tf.mul(tf.cast(isLargest, 'float32'), row));
    },
  };
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
