/** One node's execution in one frame: what its op reads, and where it writes. */
import * as tf from '@tensorflow/tfjs-core';
import type {Node, Op, Plane} from '../../../graph';
import type {Region, ResolvedWindow} from '../../../region';
import type {WeightTensors} from '../../shared/weights';
import {PADDING} from '../memory/kernels/gather';
import {
  allPixels,
  pixelCount,
  type RollbackLog,
  type Memory,
  type Slot,
  type Tolerance,
} from '../memory/memory';
import {patchesOf, type Patch, type PixelCost} from './patch';

/** An input as the op sees it: memory, and the plane it is read as. */
export interface Operand {
  readonly tensor: tf.Tensor;
  readonly plane: Plane;
}

export class Step<O extends Op = Op> {
  /** Pixels computed, whether they had to be or not. */
  computed = 0;

  constructor(
    readonly node: Node<O>,
    readonly memory: Memory,
    readonly inputs: readonly Operand[],
    readonly output: Slot,
    readonly prepared: WeightTensors,
    /** Partial sums, for the ops that keep them. */
    readonly partials: Slot | null,
    readonly changed: readonly Region[],
    readonly affected: Region,
    readonly tolerance: Tolerance | null,
    readonly rollbackLog: RollbackLog | null,
    /** Pixels of the output that got another value. */
    readonly written: Region,
  ) {}

  get op(): O {
    return this.node.op;
  }

  /** Of an op that reads a pixel for a pixel. */
  get pixelCost(): PixelCost {
    const {channels} = this.output.plane;
    return {macs: channels, reads: channels};
  }

  /** Computes the affected region patch by patch; `compute` returns the patch's pixels in order, in any shape. */
  patchwise(cost: PixelCost, compute: (patch: Patch) => tf.Tensor): void {
    for (const patch of patchesOf(this.affected, cost, this.memory.costs)) {
      this.write(patch.pixels, compute(patch));
      this.computed += patch.pixels.length;
    }
  }

  /** Computes the whole output in one call. */
  whole(compute: () => tf.Tensor): void {
    const pixels = allPixels(pixelCount(this.output.plane));
    this.write(pixels, compute());
    this.computed = pixels.length;
  }

  write(pixels: Int32Array, values: tf.Tensor): void {
    const {output: slot, tolerance, written: changed, rollbackLog} = this;
    const rows = tf.reshape(values, [pixels.length, slot.plane.channels]);
    this.memory.write({slot, pixels, values: rows, tolerance, changed, rollbackLog});
  }

  /** The pixels of a patch from an operand of the same plane, as [1, height, width, channels]. */
  readPixels(operand: Operand, {height, width, pixels}: Patch): tf.Tensor4D {
    const {plane} = operand;
    const all = pixels.length === pixelCount(plane);
    const rows = all ? this.readAll(operand) : this.readList(operand, pixels);
    return tf.reshape(rows, [1, height, width, plane.channels]);
  }

  /** All that an operand holds, in the shape of its memory. */
  readAll({tensor}: Operand): tf.Tensor {
    return tensor;
  }

  /** All that an operand holds, as one image. */
  readImage(operand: Operand): tf.Tensor4D {
    const {height, width, channels} = operand.plane;
    return tf.reshape(this.readAll(operand), [1, height, width, channels]);
  }

  /** Pixels listed one by one, as [pixels, channels]; `PADDING` reads `fill`. */
  readList({tensor, plane}: Operand, pixels: Int32Array, fill = 0): tf.Tensor {
    return this.memory.gather(tensor, plane, pixels, fill);
  }

  /** The whole input, for an op that does its own padding. */
  wholeWindow(operand: Operand, {strides, dilations}: ResolvedWindow): Windows {
    return {x: this.readImage(operand), strides: [...strides], dilations: [...dilations]};
  }

  /** The windows of a patch's pixels, laid out so that a 'valid' op with the strides returned gives the patch. */
  readWindows(operand: Operand, window: ResolvedWindow, patch: Patch, fill: number): Windows {
    const {pixels, height, width} = patch.rect
      ? rectWindows(patch.rect, window)
      : listWindows(patch.pixels, window);
    const rows = pixels === null ? this.readAll(operand) : this.readList(operand, pixels, fill);
    const x = tf.reshape(rows, [1, height, width, operand.plane.channels]) as tf.Tensor4D;
    if (patch.rect) return {x, strides: [...window.strides], dilations: [...window.dilations]};
    // Backends want equal strides; with kernel-high input the vertical one is never used.
    const stride = window.kernel[1];
    return {x, strides: [stride, stride], dilations: [1, 1]};
  }
}

export interface Windows {
  readonly x: tf.Tensor4D;
  readonly strides: [number, number];
  readonly dilations: [number, number];
}

interface Layout {
  /** Null where the layout is the input plane itself. */
  readonly pixels: Int32Array | null;
  readonly height: number;
  readonly width: number;
}

/** The part of the input under a rectangle of outputs, with padding around it where it reaches over the border. */
function rectWindows(
  rect: {y: number; x: number; height: number; width: number},
  window: ResolvedWindow,
): Layout {
  const [inputHeight, inputWidth] = window.input;
  const [sy, sx] = window.strides;
  const height = (rect.height - 1) * sy + (window.kernel[0] - 1) * window.dilations[0] + 1;
  const width = (rect.width - 1) * sx + (window.kernel[1] - 1) * window.dilations[1] + 1;
  const top = rect.y * sy - window.pad.top;
  const left = rect.x * sx - window.pad.left;
  if (top === 0 && left === 0 && height === inputHeight && width === inputWidth)
    return {pixels: null, height, width};
  const pixels = new Int32Array(height * width);
  for (let y = top, i = 0; y < top + height; y++) {
    const inside = y >= 0 && y < inputHeight;
    for (let x = left; x < left + width; x++, i++) {
      pixels[i] = inside && x >= 0 && x < inputWidth ? y * inputWidth + x : PADDING;
    }
  }
  return {pixels, height, width};
}

/** Every pixel's own window, side by side: [kernel height, pixels × kernel width]. */
function listWindows(outputs: Int32Array, window: ResolvedWindow): Layout {
  const [inputHeight, inputWidth] = window.input;
  const [kh, kw] = window.kernel;
  const [dy, dx] = window.dilations;
  const outputWidth = window.output[1];
  const width = outputs.length * kw;
  const pixels = new Int32Array(kh * width);
  for (let i = 0; i < outputs.length; i++) {
    const row = Math.floor(outputs[i] / outputWidth);
    const top = row * window.strides[0] - window.pad.top;
    const left = (outputs[i] - row * outputWidth) * window.strides[1] - window.pad.left;
    for (let ky = 0; ky < kh; ky++) {
      const y = top + ky * dy;
      const inside = y >= 0 && y < inputHeight;
      for (let kx = 0; kx < kw; kx++) {
        const x = left + kx * dx;
        pixels[ky * width + i * kw + kx] = inside && x >= 0 && x < inputWidth ? y * inputWidth + x : PADDING;
      }
    }
  }
  return {pixels, height: kh, width};
}

/** All pixels of an operand, in order. */
export function wholeOf({plane}: Operand): Int32Array {
  return allPixels(pixelCount(plane));
}
