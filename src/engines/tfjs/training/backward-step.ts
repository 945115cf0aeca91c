/**
 * A node in the backward pass: the op computes its pixels once more, and tfjs differentiates it. What it reads hands its
 * gradient to where it was read, and what it writes gets the gradient that ran up there.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {Node} from '../../../graph';
import {Region, type ResolvedWindow} from '../../../region';
import type {WeightTensors} from '../../shared/weights';
import type {Update} from '../ops/op';
import type {Memory, Slot} from '../memory/memory';
import type {Patch} from '../step/patch';
import {Step, type Operand, type Windows} from '../step/step';
import type {GradientPlane} from '../memory/gradient-plane';

/** Where the gradients of a node's output and inputs run up; null for an input whose gradient nobody wants. */
export interface Planes {
  readonly output: GradientPlane;
  readonly inputs: readonly (GradientPlane | null)[];
}

/** A node's part of the backward pass in one frame. */
export interface BackwardSetting {
  readonly node: Node;
  /** Its op's. */
  readonly update: Update;
  readonly memory: Memory;
  readonly operands: readonly Operand[];
  readonly output: Slot;
  readonly prepared: WeightTensors;
  readonly planes: Planes;
  /** Pixels of the output and of each input that break. */
  readonly broken: Region;
  readonly changed: readonly Region[];
}

/**
 * Takes the gradients of the broken pixels, and adds what comes of them to the planes of the inputs.
 * @returns the gradients of the prepared weights; null for those that nothing depends on
 */
export function flush(setting: BackwardSetting): Record<string, tf.Tensor | null> {
  const {update, prepared} = setting;
  const names = Object.keys(prepared);
  const given = Object.values(prepared);
  const anchor = tf.scalar(0);
  const forward = () => {
    const step = new BackwardStep(setting, anchor);
    update(step);
    return step.sum();
  };
  const {grads} = tf.engine().gradients(forward, [anchor, ...given], undefined, true);
  return Object.fromEntries(names.map((name, i) => [name, grads[i + 1]]));
}

class BackwardStep extends Step {
  private readonly sinks: tf.Tensor[] = [];

  constructor(
    private readonly setting: BackwardSetting,
    /** What every read hangs on, so that tfjs goes back to it. */
    private readonly anchor: tf.Scalar,
  ) {
    const {node, memory, operands, output, prepared, broken, changed} = setting;
    const unused = Region.empty(broken.height, broken.width);
    super(node, memory, operands, output, prepared, null, changed, broken, null, null, unused);
  }

  /** A tensor that depends on all that was written. */
  sum(): tf.Tensor {
    return tf.addN(this.sinks);
  }

  override write(pixels: Int32Array, values: tf.Tensor): void {
    const {channels} = this.output.plane;
    const gradient = tf.reshape(this.setting.planes.output.take(pixels, channels), values.shape);
    const sink = tf.customGrad((_values, save) => {
      (save as (tensors: tf.Tensor[]) => void)([gradient]);
      return {value: tf.scalar(0), gradFunc: (_one, [saved]: tf.Tensor[]) => saved};
    });
    this.sinks.push(sink(values));
  }

  override readAll(operand: Operand): tf.Tensor {
    // A handle of its own: what is read several times must not be one tensor to tfjs.
    return this.taped(operand, null, () => tf.clone(super.readAll(operand)));
  }

  override readList(operand: Operand, pixels: Int32Array, fill = 0): tf.Tensor {
    const {tensor, plane} = operand;
    // A parameter that each pixel has its own of: its gradient goes back on the tape.
    if (!this.inputs.includes(operand))
      return rowsAt(tf.reshape(tensor, [plane.height * plane.width, plane.channels]), pixels);
    return this.taped(operand, pixels, () => super.readList(operand, pixels, fill));
  }

  /** tfjs has no gradients of dilated convolutions; windows laid side by side need none. */
  override readWindows(operand: Operand, window: ResolvedWindow, patch: Patch, fill: number): Windows {
    const isDilated = window.dilations.some((dilation) => dilation > 1);
    return super.readWindows(operand, window, isDilated ? {...patch, rect: null} : patch, fill);
  }

  private taped(operand: Operand, pixels: Int32Array | null, read: () => tf.Tensor): tf.Tensor {
    const plane = this.setting.planes.inputs[this.inputs.indexOf(operand)];
    if (!plane) return read();
    const onTape = tf.customGrad(() => ({
      value: read(),
      gradFunc: (gradient: tf.Tensor) => {
        plane.add(pixels, operand.plane.channels, gradient);
        return tf.scalar(0);
      },
    }));
    return onTape(this.anchor);
  }
}

/** As tf.gather of pixels that are listed once each; for the gradient of tf.gather not every backend has a kernel. */
function rowsAt(rows: tf.Tensor, pixels: Int32Array): tf.Tensor {
  const gathered = tf.customGrad((given) => ({
    value: tf.gather(given as tf.Tensor, tf.tensor1d(pixels, 'int32')),
    gradFunc: (gradient: tf.Tensor) =>
      tf.scatterND(tf.tensor2d(pixels, [pixels.length, 1], 'int32'), gradient, rows.shape),
  }));
  return gathered(rows);
}
