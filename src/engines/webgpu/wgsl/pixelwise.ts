/** Ops that compute each vector of each listed pixel by itself: pools, activations, merges and moves. */
import {ACTIVATE, IS_NAN} from './activate';
import {kernel} from './kernel';
import {ACTIVATION_FIELDS, CONTROL, EACH_VECTOR, MARK, STORE, STORE_ACTIVATED, TARGET_FIELDS} from './target';

const PLAIN = [CONTROL, MARK, STORE];
const ACTIVATED = [ACTIVATE, CONTROL, MARK, STORE, STORE_ACTIVATED];
/** What is computed has the right lanes already, or has to have the others cleared; nothing else is applied. */
const PLAIN_MAIN = EACH_VECTOR.replace('STORE(slot, pixel, f, compute(pixel, f))', 'storeAs(slot, pixel, f, onlyChannels(compute(pixel, f), f))'); // prettier-ignore
const ACTIVATED_MAIN = EACH_VECTOR.replace('STORE', 'store');

/** Windows are clipped to the input's plane: padding is neither a maximum nor counted. */
export const POOL = kernel(
  'pool',
  'op',
  {
    ...TARGET_FIELDS,
    origin: 'u32',
    fromWidth: 'i32',
    fromHeight: 'i32',
    kernelHeight: 'i32',
    kernelWidth: 'i32',
    strideY: 'i32',
    strideX: 'i32',
    dilationY: 'i32',
    dilationX: 'i32',
    top: 'i32',
    left: 'i32',
    average: 'u32',
  },
  IS_NAN,
  ...PLAIN,
  `
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let top = i32(pixel / p.width) * p.strideY - p.top;
  let left = i32(pixel % p.width) * p.strideX - p.left;
  var sum = vec4<f32>(0.0);
  var most = vec4<f32>(0.0);
  var count = 0u;
  for (var ky = 0; ky < p.kernelHeight; ky++) {
    let y = top + ky * p.dilationY;
    if (y < 0 || y >= p.fromHeight) { continue; }
    for (var kx = 0; kx < p.kernelWidth; kx++) {
      let x = left + kx * p.dilationX;
      if (x < 0 || x >= p.fromWidth) { continue; }
      let v = values[p.origin + u32(y * p.fromWidth + x) * p.vectors + f];
      sum += v;
      // What is no number is passed over.
      most = select(most, v, (v > most) | isNan(most) | vec4<bool>(count == 0u));
      count++;
    }
  }
  if (p.average != 0u) { return sum / f32(count); }
  return most;
}
`,
  PLAIN_MAIN,
);

/** An activation alone, (x − mean) · scale + shift with one after it, or PReLU. Weights: one for a pixel, or for each. */
export const POINTWISE = kernel(
  'pointwise',
  'op',
  {
    ...TARGET_FIELDS,
    ...ACTIVATION_FIELDS,
    origin: 'u32',
    /** 0 activates only, 1 has means, scales and shifts, 2 slopes for what is negative. */
    mode: 'u32',
    mean: 'u32',
    scale: 'u32',
    shift: 'u32',
    /** Vectors of weights between two pixels: 0 where all share them. */
    stride: 'u32',
  },
  ...ACTIVATED,
  `
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let x = values[p.origin + pixel * p.vectors + f];
  let own = pixel * p.stride + f;
  if (p.mode == 1u) { return (x - weights[p.mean + own]) * weights[p.scale + own] + weights[p.shift + own]; }
  if (p.mode == 2u) { return select(x, weights[p.scale + own] * x, x < vec4<f32>(0.0)); }
  return x;
}
`,
  ACTIVATED_MAIN,
);

/** Table: offset of each input, vectors between its pixels (0 where it is one pixel), and whether it has one channel. */
export const MERGE = kernel(
  'merge',
  'op',
  {...TARGET_FIELDS, ...ACTIVATION_FIELDS, inputs: 'u32', count: 'u32', combination: 'u32', factor: 'f32'},
  ...ACTIVATED,
  `
fn operand(n: u32, pixel: u32, f: u32) -> vec4<f32> {
  let entry = p.inputs + 3u * n;
  let at = tables[entry] + pixel * tables[entry + 1u];
  if (tables[entry + 2u] != 0u) { return vec4<f32>(values[at].x); }
  return values[at + f];
}
fn combine(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  switch p.combination {
    case 1u: { return a - b; }
    case 2u: { return a * b; }
    case 3u: { return a / b; }
    case 4u: { return select(a, b, (b > a) | isNan(b)); }
    case 5u: { return select(a, b, (b < a) | isNan(b)); }
    case 6u: { return select(vec4<f32>(0.0), vec4<f32>(1.0), a == b); }
    default: { return a + b; }
  }
}
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  var v = operand(0u, pixel, f);
  for (var n = 1u; n < p.count; n++) { v = combine(v, operand(n, pixel, f)); }
  return v * p.factor;
}
`,
  ACTIVATED_MAIN,
);

/**
 * Whole pixels from elsewhere, or a fill. Table of rows: offset and number; of columns: offset and vectors between two
 * rows; either offset may say that there is nothing.
 */
export const MOVE = kernel(
  'move',
  'op',
  {...TARGET_FIELDS, rows: 'u32', columns: 'u32', fill: 'f32'},
  ...PLAIN,
  `
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let row = p.rows + 2u * (pixel / p.width);
  let column = p.columns + 2u * (pixel % p.width);
  if (tables[row] == 0xffffffffu || tables[column] == 0xffffffffu) { return vec4<f32>(p.fill); }
  return values[tables[row] + tables[column] + tables[row + 1u] * tables[column + 1u] + f];
}
`,
  PLAIN_MAIN,
);

/** Single channels of the same pixel, or 0. Table: offset of the input, vectors of its pixels, and the channel. */
export const LANES = kernel(
  'lanes',
  'op',
  {...TARGET_FIELDS, lanes: 'u32'},
  ...PLAIN,
  `
fn lane(pixel: u32, channel: u32) -> f32 {
  let entry = p.lanes + 3u * channel;
  if (channel >= p.channels || tables[entry] == 0xffffffffu) { return 0.0; }
  let origin = tables[entry + 2u];
  return values[tables[entry] + pixel * tables[entry + 1u] + origin / 4u][origin % 4u];
}
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  return vec4<f32>(lane(pixel, 4u * f), lane(pixel, 4u * f + 1u), lane(pixel, 4u * f + 2u), lane(pixel, 4u * f + 3u));
}
`,
  PLAIN_MAIN,
);

/** Channels to pixels, in blocks. */
export const DEPTH_TO_SPACE = kernel(
  'depth-to-space',
  'op',
  {...TARGET_FIELDS, origin: 'u32', fromVectors: 'u32', fromWidth: 'u32', block: 'u32'},
  ...PLAIN,
  `
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let y = pixel / p.width;
  let x = pixel % p.width;
  let origin = p.origin + ((y / p.block) * p.fromWidth + x / p.block) * p.fromVectors;
  let first = ((y % p.block) * p.block + x % p.block) * p.channels;
  var v: vec4<f32>;
  for (var lane = 0u; lane < 4u; lane++) {
    let channel = first + min(4u * f + lane, p.channels - 1u);
    v[lane] = values[origin + channel / 4u][channel % 4u];
  }
  return v;
}
`,
  PLAIN_MAIN,
);

/** The same values as pixels of another plane. */
export const REGROUP = kernel(
  'regroup',
  'op',
  {...TARGET_FIELDS, origin: 'u32', fromVectors: 'u32', fromChannels: 'u32'},
  ...PLAIN,
  `
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  var v: vec4<f32>;
  for (var lane = 0u; lane < 4u; lane++) {
    let index = pixel * p.channels + min(4u * f + lane, p.channels - 1u);
    let channel = index % p.fromChannels;
    v[lane] = values[p.origin + (index / p.fromChannels) * p.fromVectors + channel / 4u][channel % 4u];
  }
  return v;
}
`,
  PLAIN_MAIN,
);

/** Between four pixels. Tables of rows and columns: the two input rows, and the share of the second as bits. */
export const BILINEAR = kernel(
  'bilinear',
  'op',
  {...TARGET_FIELDS, origin: 'u32', fromWidth: 'u32', rows: 'u32', columns: 'u32'},
  ...PLAIN,
  `
fn between(a: vec4<f32>, b: vec4<f32>, share: f32) -> vec4<f32> {
  return a + (b - a) * share;
}
fn along(row: u32, low: u32, high: u32, share: f32, f: u32) -> vec4<f32> {
  let at = p.origin + row * p.fromWidth * p.vectors + f;
  return between(values[at + low * p.vectors], values[at + high * p.vectors], share);
}
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let row = p.rows + 3u * (pixel / p.width);
  let column = p.columns + 3u * (pixel % p.width);
  let share = bitcast<f32>(tables[column + 2u]);
  let above = along(tables[row], tables[column], tables[column + 1u], share, f);
  let below = along(tables[row + 1u], tables[column], tables[column + 1u], share, f);
  return between(above, below, bitcast<f32>(tables[row + 2u]));
}
`,
  PLAIN_MAIN,
);
