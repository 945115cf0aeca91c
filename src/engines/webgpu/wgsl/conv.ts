/**
 * Convolutions of the listed pixels: a matrix product whose rows are gathered windows. A workgroup takes a tile of pixels
 * and of vectors of output channels; windows and filter pass through workgroup memory a slice of products at a time, in
 * one fixed order, so that a pixel's sum is the same wherever in the list it is.
 */
import {ACTIVATE} from './activate';
import {kernel, WORKGROUP} from './kernel';
import {
  ACTIVATION_FIELDS,
  CONTROL,
  TALLY,
  EACH_VECTOR,
  MARK,
  STORE,
  STORE_ACTIVATED,
  TARGET_FIELDS,
} from './target';

const WINDOW_FIELDS = {
  /** The input: offset, vectors of a pixel, columns and rows. */
  origin: 'u32',
  fromVectors: 'u32',
  fromWidth: 'i32',
  fromHeight: 'i32',
  strideY: 'i32',
  strideX: 'i32',
  top: 'i32',
  left: 'i32',
} as const;

const COMPUTE = [ACTIVATE, CONTROL, MARK, TALLY, STORE, STORE_ACTIVATED];

/** Pixels that an invocation computes, of one vector of channels. */
export const PIXELS_EACH = 4;

export interface ConvShape {
  /** Vectors of channels of a tile, a power of 2; pixels of it. */
  readonly vectors: number;
  readonly pixels: number;
}

/**
 * Tiles by how many output channels there are: as many vectors as can be used, and pixels for the invocations left.
 */
export function convShape(vectors: number): ConvShape {
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
    ...COMPUTE,
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

export const CONV = [1, 2, 4, 8].map((vectors) => convolution(convShape(vectors)));

/** The kernel for this many vectors of output channels. */
export const convFor = (vectors: number) => CONV[Math.log2(convShape(vectors).vectors)];

/** Filter: for each tap the vectors of output channels, the bias behind all. */
export const DEPTHWISE = kernel(
  'depthwise',
  'op',
  {
    ...TARGET_FIELDS,
    ...ACTIVATION_FIELDS,
    ...WINDOW_FIELDS,
    kernelHeight: 'i32',
    kernelWidth: 'i32',
    dilationY: 'i32',
    dilationX: 'i32',
    multiplier: 'u32',
    factors: 'u32',
    bias: 'u32',
  },
  ...COMPUTE,
  `
fn inputs(pixel: u32, f: u32) -> vec4<f32> {
  let at = p.origin + pixel * p.fromVectors;
  if (p.multiplier == 1u) { return values[at + f]; }
  var v: vec4<f32>;
  for (var lane = 0u; lane < 4u; lane++) {
    let channel = min(4u * f + lane, p.channels - 1u) / p.multiplier;
    v[lane] = values[at + channel / 4u][channel % 4u];
  }
  return v;
}
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let top = i32(pixel / p.width) * p.strideY - p.top;
  let left = i32(pixel % p.width) * p.strideX - p.left;
  var sum = vec4<f32>(0.0);
  var taps = 0u;
  for (var ky = 0; ky < p.kernelHeight; ky++) {
    let y = top + ky * p.dilationY;
    if (y < 0 || y >= p.fromHeight) { continue; }
    for (var kx = 0; kx < p.kernelWidth; kx++) {
      let x = left + kx * p.dilationX;
      if (x < 0 || x >= p.fromWidth) { continue; }
      let tap = u32(ky * p.kernelWidth + kx);
      sum += inputs(u32(y * p.fromWidth + x), f) * weights[p.factors + tap * p.vectors + f];
      taps++;
    }
  }
  tally(4u * taps);
  return sum + weights[p.bias + f];
}
`,
  EACH_VECTOR.replace('STORE', 'store'),
);

/** Filter as for a convolution. Only the taps that meet an input pixel are visited. */
export const CONV_TRANSPOSE = kernel(
  'conv-transpose',
  'op',
  {
    ...TARGET_FIELDS,
    ...ACTIVATION_FIELDS,
    ...WINDOW_FIELDS,
    kernelHeight: 'i32',
    kernelWidth: 'i32',
    factors: 'u32',
    bias: 'u32',
  },
  ...COMPUTE,
  `
fn products(pixel: u32, tap: u32, f: u32) -> vec4<f32> {
  let at = p.origin + pixel * p.fromVectors;
  var filterAt = p.factors + tap * p.fromVectors * 4u * p.vectors + f;
  var sum = vec4<f32>(0.0);
  for (var k = 0u; k < p.fromVectors; k++) {
    let a = values[at + k];
    sum += a.x * weights[filterAt] + a.y * weights[filterAt + p.vectors];
    sum += a.z * weights[filterAt + 2u * p.vectors] + a.w * weights[filterAt + 3u * p.vectors];
    filterAt += 4u * p.vectors;
  }
  return sum;
}
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let bottom = i32(pixel / p.width) + p.top;
  let right = i32(pixel % p.width) + p.left;
  var sum = vec4<f32>(0.0);
  var taps = 0u;
  for (var ky = bottom % p.strideY; ky < p.kernelHeight && ky <= bottom; ky += p.strideY) {
    let y = (bottom - ky) / p.strideY;
    if (y >= p.fromHeight) { continue; }
    for (var kx = right % p.strideX; kx < p.kernelWidth && kx <= right; kx += p.strideX) {
      let x = (right - kx) / p.strideX;
      if (x >= p.fromWidth) { continue; }
      sum += products(u32(y * p.fromWidth + x), u32(ky * p.kernelWidth + kx), f);
      taps++;
    }
  }
  tally(16u * taps * p.fromVectors);
  return sum + weights[p.bias + f];
}
`,
  EACH_VECTOR.replace('STORE', 'store'),
);
