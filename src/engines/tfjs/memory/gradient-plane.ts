/**
 * A gradient of an activation, or of anything as large, summed up over frames: what is added stays until it is taken.
 * Where memory is on this side it is an array, else a tensor.
 */
import * as tf from '@tensorflow/tfjs-core';
import {PADDING} from './kernels/gather';
import {hasKernels} from './kernels/register';

/** Pixels are row-major indices into a plane of `channels`; null means all of them. */
export interface GradientPlane {
  /** Adds [pixels, channels]; a pixel may be listed several times, and what falls on `PADDING` is dropped. */
  add(pixels: Int32Array | null, channels: number, values: tf.Tensor): void;
  /** The sums of pixels in rising order, [pixels, channels]; they are 0 afterwards, and so where a pixel is listed again. */
  take(pixels: Int32Array, channels: number): tf.Tensor;
  /** All sums. */
  read(): Float32Array;
  dispose(): void;
}

/** @param size values of the plane */
export function gradientPlane(size: number): GradientPlane {
  return hasKernels(tf.getBackend()) ? new ArrayPlane(size) : new TensorPlane(size);
}

class ArrayPlane implements GradientPlane {
  private readonly sums: Float32Array;

  constructor(size: number) {
    this.sums = new Float32Array(size);
  }

  add(pixels: Int32Array | null, channels: number, values: tf.Tensor): void {
    const {sums} = this;
    const added = values.dataSync<'float32'>();
    if (pixels === null) {
      for (let i = 0; i < sums.length; i++) sums[i] += added[i];
      return;
    }
    for (let i = 0, from = 0; i < pixels.length; i++, from += channels) {
      if (pixels[i] === PADDING) continue;
      const to = pixels[i] * channels;
      for (let c = 0; c < channels; c++) sums[to + c] += added[from + c];
    }
  }

  take(pixels: Int32Array, channels: number): tf.Tensor {
    const taken = new Float32Array(pixels.length * channels);
    pixels.forEach((pixel, i) => {
      const own = this.sums.subarray(pixel * channels, (pixel + 1) * channels);
      taken.set(own, i * channels);
      own.fill(0);
    });
    return tf.tensor2d(taken, [pixels.length, channels]);
  }

  read(): Float32Array {
    return this.sums;
  }

  dispose(): void {
    // An array needs no disposing.
  }
}

class TensorPlane implements GradientPlane {
  private sums: tf.Tensor1D;

  constructor(private readonly size: number) {
    this.sums = tf.keep(tf.zeros([size]));
  }

  add(pixels: Int32Array | null, channels: number, values: tf.Tensor): void {
    this.replace(() => {
      if (pixels === null) return tf.add(this.sums, tf.reshape(values, [this.size]));
      const count = this.size / channels;
      // Padding is added to a pixel past the last one.
      const rows = pixels.map((pixel) => (pixel === PADDING ? count : pixel));
      const at = tf.tensor2d(rows, [rows.length, 1], 'int32');
      const plane = tf.scatterND(at, tf.reshape(values, [rows.length, channels]), [count + 1, channels]);
      return tf.add(this.sums, tf.reshape(tf.slice(plane, [0, 0], [count, channels]), [this.size]));
    });
  }

  take(pixels: Int32Array, channels: number): tf.Tensor {
    const plane = tf.reshape(this.sums, [this.size / channels, channels]);
    const listed = tf.gather(plane, tf.tensor1d(pixels, 'int32'));
    const isAgain = (pixel: number, i: number) => i > 0 && pixel === pixels[i - 1];
    const once = Float32Array.from(pixels, (pixel, i) => (isAgain(pixel, i) ? 0 : 1));
    const taken = pixels.some(isAgain) ? tf.mul(listed, tf.tensor2d(once, [pixels.length, 1])) : listed;
    this.replace(() => {
      const at = tf.tensor2d(pixels, [pixels.length, 1], 'int32');
      return tf.reshape(tf.tensorScatterUpdate(plane, at, tf.zerosLike(listed)), [this.size]);
    });
    return taken;
  }

  read(): Float32Array {
    return this.sums.dataSync<'float32'>();
  }

  dispose(): void {
    this.sums.dispose();
  }

  private replace(next: () => tf.Tensor): void {
    const sums = tf.keep(tf.tidy(next)) as tf.Tensor1D;
    this.sums.dispose();
    this.sums = sums;
  }
}
