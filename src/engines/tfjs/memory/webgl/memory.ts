/**
 * Memory on tfjs's WebGL backend: pixels are drawn into the cached activation's own texture, and nothing else of it is
 * touched; frames are compared on the GPU, and one bit a pixel is read back. Which of the pixels written kept their value
 * would take a read-back for each node, so that all of them count as changed.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {Plane} from '../../../../graph';
import {Region} from '../../../../region';
import {keepWithin, relativeTolerance} from '../composed';
import {pixelCount, type Memory} from '../memory';
import type {WebglBackend} from './backend';
import {Gpu, type Area} from './gpu';
import {BLOCK_DOT, COMPARE, COPY, GATHER, MASK_BITS, PASTE} from './shaders';

/** Where pixels in rising order lie in a texture of so many columns: a rectangle that holds them all. */
export function areaOf(pixels: Int32Array, {width, channels}: Plane, columns: number): Area {
  const end = (pixels[pixels.length - 1] + 1) * channels;
  const row = Math.floor((pixels[0] * channels) / columns);
  const rows = Math.ceil(end / columns) - row;
  if (columns !== width * channels) return {row, rows, column: 0, columns};
  // A row of the texture is a row of the plane.
  let [left, right] = [width, 0];
  for (const pixel of pixels) {
    const x = pixel % width;
    if (x < left) left = x;
    if (x > right) right = x;
  }
  return {row, rows, column: left * channels, columns: (right - left + 1) * channels};
}

/** For each pixel from the first to the last of rising ones where it is in their list, or −1. */
function mapOf(pixels: Int32Array): {first: number; last: number; map: Int32Array} {
  const [first, last] = [pixels[0], pixels[pixels.length - 1]];
  const map = new Int32Array(last - first + 1).fill(-1);
  pixels.forEach((pixel, i) => (map[pixel - first] = i));
  return {first, last, map};
}

const isAll = (pixels: Int32Array, plane: Plane) =>
  pixels.length === pixelCount(plane) && pixels.every((pixel, i) => pixel === i);

/** A mask as it is read back: for each row of the plane its values, each of `MASK_BITS` pixels. */
function regionOf(mask: Float32Array, {height, width}: Plane): Region {
  const region = Region.empty(height, width);
  const perRow = Math.ceil(width / MASK_BITS);
  const perWord = 32 / MASK_BITS;
  for (let y = 0, i = 0; y < height; y++) {
    for (let k = 0; k < perRow; k++, i++) {
      const word = y * region.wordsPerRow + Math.floor(k / perWord);
      region.words[word] |= mask[i] << (MASK_BITS * (k % perWord));
    }
  }
  return region;
}

export function webglMemory(backend: WebglBackend): Memory {
  const gpu = new Gpu(backend);

  const gather: Memory['gather'] = (x, {channels}, pixels, fill) => {
    const rows = gpu.output([pixels.length, channels], x.dtype);
    gpu.draw(GATHER, rows, null, {tensors: {x}, ints: {channels}, floats: {fill}, list: pixels});
    return rows;
  };

  const paste = (target: tf.Tensor, plane: Plane, pixels: Int32Array, values: tf.Tensor) => {
    if (isAll(pixels, plane)) {
      gpu.draw(COPY, target, null, {tensors: {x: values}});
      return;
    }
    const {channels} = plane;
    const area = areaOf(pixels, plane, gpu.texShapeOf(target)[1]);
    const {map, ...range} = mapOf(pixels);
    gpu.draw(PASTE, target, area, {tensors: {values}, ints: {channels, ...range}, list: map});
  };

  const save: Memory['save'] = ({tensor, plane}, pixels, rollbackLog) => {
    const old = tf.keep(gather(tensor, plane, pixels, 0));
    rollbackLog.add(old, () => {
      paste(tensor, plane, pixels, old);
      old.dispose();
    });
  };

  const maskOf = (previous: tf.Tensor, next: tf.Tensor, plane: Plane, threshold: number) => {
    const mask = tf.keep(gpu.output([plane.height, Math.ceil(plane.width / MASK_BITS)], 'float32'));
    const ints = {channels: plane.channels, columns: plane.width};
    gpu.draw(COMPARE, mask, null, {tensors: {previous, next}, ints, floats: {threshold}});
    return mask;
  };

  return {
    costs: {call: 1_000_000, read: 4, fewShapes: true},

    allocate(plane, dtype) {
      const {height, width, channels} = plane;
      const texShape: [number, number] = [height, width * channels];
      // GPUs shade 2×2 places at a time: a single row would leave half of them idle.
      const fits = height > 1 && Math.max(...texShape) <= gpu.maxSide;
      const tensor = tf.keep(gpu.output([pixelCount(plane), channels], dtype, fits ? texShape : undefined));
      gpu.clear(tensor);
      return {tensor, plane};
    },

    gather,
    save,

    write({slot: {tensor, plane}, pixels, values, tolerance, changed, rollbackLog}) {
      if (rollbackLog) save({tensor, plane}, pixels, rollbackLog);
      tf.tidy(() => {
        const next =
          tolerance === null ? values : keepWithin(gather(tensor, plane, pixels, 0), values, tolerance);
        paste(tensor, plane, pixels, next);
      });
      for (const pixel of pixels) changed.add(Math.floor(pixel / changed.width), pixel % changed.width, 1);
    },

    copy(x) {
      if (x.size === 0) return tf.tensor([], x.shape, x.dtype);
      const own = gpu.output(x.shape, x.dtype);
      gpu.draw(COPY, own, null, {tensors: {x}});
      return own;
    },

    blockDot(x, kernel, {tensor, plane}, blocks, blockSize) {
      const [inputs, units] = kernel.shape;
      const area = areaOf(blocks, plane, gpu.texShapeOf(tensor)[1]);
      const {map, ...range} = mapOf(blocks);
      const ints = {inputs, units, blockSize, ...range};
      gpu.draw(BLOCK_DOT, tensor, area, {tensors: {x, kernel}, ints, list: map});
      return tf.sum(tensor, 0, true);
    },

    relativeTolerance,

    comparison: {
      now(previous, next, plane, threshold) {
        const mask = maskOf(previous, next, plane, threshold);
        const region = regionOf(mask.dataSync<'float32'>(), plane);
        mask.dispose();
        return region;
      },
      async soon(previous, next, plane, threshold) {
        const mask = maskOf(previous, next, plane, threshold);
        const values = await mask.data<'float32'>();
        mask.dispose();
        return regionOf(values, plane);
      },
    },
  };
}
