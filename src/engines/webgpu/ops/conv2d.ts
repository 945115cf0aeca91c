/**
 * Convolutions of the listed pixels: a matrix product whose rows are gathered windows. A workgroup takes a tile of pixels
 * and of vectors of output channels; windows and filter pass through workgroup memory a slice of products at a time, in
 * one fixed order, so that a pixel's sum is the same wherever in the list it is.
 */
import * as tf from '@tensorflow/tfjs-core';
import {windowOver, type ConvOp} from '../../../graph';
import type {ResolvedWindow} from '../../../region';
import {foldFilter} from '../../shared/fold';
import type {WeightTensors} from '../../shared/weights';
import type {ValueLayout} from '../memory/layout';
import {call} from '../wgsl/call';
import {kernel, WORKGROUP} from '../wgsl/kernel';
import {ACTIVATION_FIELDS, STORES_ACTIVATED, TALLY, TARGET_FIELDS} from '../wgsl/target';
import type {OpPlan, Setting} from './shared/op';
import {channelVectors, filledUp, inVectors} from './shared/pack';
import {activationOf, needsCommit, softmaxIn, targetOf} from './shared/target';
import {reachWindow, WINDOW_FIELDS, windowOn} from './shared/window';

/** Pixels that an invocation computes, of one vector of channels. */
const PIXELS_EACH = 4;

interface ConvShape {
  /** Vectors of channels of a tile, a power of 2; pixels of it. */
  readonly vectors: number;
  readonly pixels: number;
}

/**
 * Tiles by how many output channels there are: as many vectors as can be used, and pixels for the invocations left.
 */
function convShape(vectors: number): ConvShape {
  const wide = vectors > 4 ? 8 : vectors > 2 ? 4 : vectors > 1 ? 2 : 1;
  return {vectors: wide, pixels: (WORKGROUP / wide) * PIXELS_EACH};
}

/** Products of vectors in a slice: workgroup memory stays well below what every device has. */
const sliceOf = ({pixels}: ConvShape) => Math.max(2, Math.min(8, 256 / pixels));

/** A line for each of the pixels of an invocation: sums that an array held would not be kept in registers everywhere. */
const each = (line: (pixel: number) => string): string =>
  Array.from({length: PIXELS_EACH}, (_, pixel) => line(pixel)).join('\n        ');

/**
 * Table: for each vector of a window its row and column in 16 bits each, and its offset in vectors from the window's first pixel.
 * Filter: for each value of a window the vectors of output channels, the bias behind all.
 */
const convolution = (shape: ConvShape) => {
  const slice = sliceOf(shape);
  return kernel(
    `conv-${shape.vectors}`,
    'op',
    {
      ...TARGET_FIELDS,
      ...ACTIVATION_FIELDS,
      ...WINDOW_FIELDS,
      taps: 'u32',
      /** Vectors in a window. */
      depth: 'u32',
      factors: 'u32',
      bias: 'u32',
    },
    ...STORES_ACTIVATED,
    TALLY,
    `
const VECTORS = ${shape.vectors}u;
const PIXELS = ${shape.pixels}u;
const SLICE = ${slice}u;
var<workgroup> corners: array<vec2<i32>, PIXELS>;
var<workgroup> windows: array<vec4<f32>, PIXELS * SLICE>;
var<workgroup> filters: array<vec4<f32>, 4u * SLICE * VECTORS>;

fn windowVector(slot: u32, k: u32) -> vec4<f32> {
  let place = tables[p.taps + 2u * k];
  let corner = corners[slot];
  let y = corner.x + i32(place >> 16u);
  let x = corner.y + i32(place & 0xffffu);
  if (y < 0 || y >= p.fromHeight || x < 0 || x >= p.fromWidth) { return vec4<f32>(0.0); }
  let pixel = u32(y * p.fromWidth + x);
  return values[p.origin + pixel * p.fromVectors + tables[p.taps + 2u * k + 1u]];
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let first = group.x * PIXELS;
  let count = min(PIXELS, listed() - min(listed(), first));
  let firstVector = group.y * VECTORS;
  for (var slot = local; slot < PIXELS; slot += 64u) {
    if (slot < count) {
      let pixel = list[first + slot];
      let y = i32(pixel / p.width);
      let x = i32(pixel % p.width);
      corners[slot] = vec2<i32>(y * p.strideY - p.top, x * p.strideX - p.left);
    }
  }
  let column = local % VECTORS;
  let row = 4u * (local / VECTORS);
  let works = row < count && firstVector + column < p.vectors;
  ${each((s) => `var sum${s} = vec4<f32>(0.0);`)}
  var products = 0u;
  for (var k = 0u; k < p.depth; k += SLICE) {
    workgroupBarrier();
    for (var item = local; item < PIXELS * SLICE; item += 64u) {
      let slot = item / SLICE;
      let at = k + item % SLICE;
      var v = vec4<f32>(0.0);
      if (slot < count && at < p.depth) { v = windowVector(slot, at); }
      windows[item] = v;
    }
    for (var item = local; item < 4u * SLICE * VECTORS; item += 64u) {
      let at = 4u * k + item / VECTORS;
      let f = firstVector + item % VECTORS;
      var v = vec4<f32>(0.0);
      if (at < 4u * p.depth && f < p.vectors) { v = weights[p.factors + at * p.vectors + f]; }
      filters[item] = v;
    }
    workgroupBarrier();
    if (works) {
      let end = min(SLICE, p.depth - k);
      products += 64u * end;
      for (var i = 0u; i < end; i++) {
        let b0 = filters[(4u * i) * VECTORS + column];
        let b1 = filters[(4u * i + 1u) * VECTORS + column];
        let b2 = filters[(4u * i + 2u) * VECTORS + column];
        let b3 = filters[(4u * i + 3u) * VECTORS + column];
        ${each((s) => `let a${s} = windows[(row + ${s}u) * SLICE + i];`)}
        ${each((s) => `sum${s} = sum${s} + a${s}.x * b0 + a${s}.y * b1 + a${s}.z * b2 + a${s}.w * b3;`)}
      }
    }
  }
  if (!works) { return; }
  tally(products);
  let f = firstVector + column;
  let bias = weights[p.bias + f];
  for (var s = 0u; s < 4u && row + s < count; s++) {
    let sum = select(select(sum0, sum1, s == 1u), select(sum2, sum3, s == 3u), s > 1u);
    store(first + row + s, list[first + row + s], f, sum + bias);
  }
}
`,
  );
};

const CONV = [1, 2, 4, 8].map((vectors) => convolution(convShape(vectors)));

/** The kernel for this many vectors of output channels. */
const convFor = (vectors: number) => CONV[Math.log2(convShape(vectors).vectors)];

/** [taps, in, out] and bias. */
function packConv(weights: WeightTensors, {batchNormEpsilon, filters}: ConvOp): tf.Tensor[] {
  const {filter, bias} = foldFilter(weights, batchNormEpsilon);
  const [kh, kw, inputs, outputs] = filter.shape as [number, number, number, number];
  return [inVectors(tf.reshape(filter, [kh * kw, inputs, outputs]), 2), channelVectors(bias, filters)];
}

/** For each vector of a window where it is: row and column in 16 bits each, and its offset from the window's first pixel. */
function tapsOf({vectors}: ValueLayout, {kernel, dilations}: ResolvedWindow): number[] {
  const taps: number[] = [];
  for (let ky = 0; ky < kernel[0]; ky++) {
    for (let kx = 0; kx < kernel[1]; kx++) {
      const place = ((ky * dilations[0]) << 16) | (kx * dilations[1]);
      for (let v = 0; v < vectors; v++) taps.push(place, v);
    }
  }
  return taps;
}

export function conv2d(setting: Setting<ConvOp>): OpPlan {
  const {op, inputs, output} = setting;
  const [input] = inputs;
  const window = windowOver(input, op.window);
  const [kh, kw] = window.kernel;
  const depth = kh * kw * input.vectors;
  const size = 4 * depth * output.vectors;
  const filter = setting.weights(size + output.vectors, (weights) => packConv(weights, op));
  const shape = convShape(output.vectors);
  const toScratch = needsCommit(setting, op.activation);
  const compute = call(
    convFor(output.vectors),
    {
      ...targetOf(setting, shape.pixels, toScratch),
      ...activationOf(op.activation),
      ...windowOn(input, window),
      taps: setting.table(tapsOf(input, window)),
      depth,
      factors: filter,
      bias: filter + size,
    },
    {record: setting.record},
  );
  return {
    region: reachWindow(setting, window)(shape.pixels),
    compute: [compute],
    groups: Math.ceil(output.vectors / shape.vectors),
    softmax: softmaxIn(op.activation),
    single: false,
    tile: shape.pixels,
    unit: PIXELS_EACH,
    overhead: filledUp(input.channels) * filledUp(output.channels),
  };
}
