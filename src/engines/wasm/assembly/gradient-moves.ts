/**
 * Back through ops that weigh little: pools, merges, and what only moves values. Float by float. A row of
 * `d` is a listed pixel's gradient, `pitch` floats; a gradient lies `gOffset` bytes from its activation, and is added to
 * what is there.
 */
import {before, inside} from './clip';

// @ts-ignore: decorator
@inline
function at(list: usize, i: i32): usize {
  return load<u32>(list + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
function add(to: usize, value: f32): void {
  store<f32>(to, load<f32>(to) + value);
}

/**
 * Back through a mean over a plane, over the listed pixels; `prefix` and `last` are as `denseGradient` takes them.
 * @call n now
 */
export function meanGradient(
  ys: usize, xs: usize, n: i32, width: i32,
  input: usize, rowBytes: i32, channels: i32,
  prefix: usize, sumFloats: i32, last: usize, now: i32,
  gOffset: i32, factor: f64,
): void {
  for (let i = 0; i < n; i++) {
    const y = at(ys, i);
    const x = at(xs, i);
    const number = y * width + x;
    const until = load<u32>(last + (number << 2));
    store<u32>(last + (number << 2), now);
    const a = prefix + ((<usize>until * sumFloats) << 3);
    const b = prefix + ((<usize>now * sumFloats) << 3);
    const own = input + y * rowBytes + ((x * channels) << 2) + gOffset;
    for (let c: usize = 0; c < <usize>channels; c++)
      add(own + (c << 2), <f32>(factor * (load<f64>(a + (c << 3)) - load<f64>(b + (c << 3)))));
  }
}

/** The tap of a clipped window that holds a channel's maximum, the first one of equals; a NaN is passed over. */
function largestTap(pixel: usize, rows: i32, columns: i32, down: usize, right: usize): usize {
  let found = pixel;
  let most: f32 = -Infinity;
  for (let row = 0; row < rows; row++, pixel += down) {
    for (let column = 0, tap = pixel; column < columns; column++, tap += right) {
      const x = load<f32>(tap);
      if (x > most) {
        most = x;
        found = tap;
      }
    }
  }
  return found;
}

/**
 * Windows are clipped to the plane at `base`, as `pool` clips them.
 * @call ys xs n base gOffset d
 */
export function poolGradient(
  ys: usize, xs: usize, n: i32,
  base: usize, rowBytes: i32, height: i32, width: i32, channels: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, padTop: i32, padLeft: i32,
  average: i32, gOffset: i32, d: usize, pitch: i32,
): void {
  const bytes = (<usize>channels) << 2;
  const down = <usize>(dh * rowBytes);
  const right = <usize>dw * bytes;
  for (let i = 0; i < n; i++, d += (<usize>pitch) << 2) {
    const top = <i32>at(ys, i) * sh - padTop;
    const left = <i32>at(xs, i) * sw - padLeft;
    const rows = inside(top, kh, dh, height);
    const columns = inside(left, kw, dw, width);
    // All taps may lie in the padding, where there is no gradient.
    if (rows == 0 || columns == 0) continue;
    const y = top + before(top, dh) * dh;
    const x = left + before(left, dw) * dw;
    const first = base + <usize>(y * rowBytes) + <usize>x * bytes;
    for (let c: usize = 0; c < bytes; c += 4) {
      const g = load<f32>(d + c);
      if (!average) {
        add(largestTap(first + c, rows, columns, down, right) + gOffset, g);
        continue;
      }
      const share = g / <f32>(rows * columns);
      for (let row = 0, tap = first + c + gOffset; row < rows; row++, tap += down) {
        for (let column: usize = 0; column < <usize>columns; column++) add(tap + column * right, share);
      }
    }
  }
}

/**
 * `factor` times `channels` floats of each row, from the `skip`th on, to the listed pixels that are somewhere (not at 0).
 * @call addresses n gOffset d
 */
export function addPixels(
  addresses: usize, n: i32, channels: i32, gOffset: i32, d: usize, pitch: i32, skip: i32, factor: f32,
): void {
  d += (<usize>skip) << 2;
  for (let i = 0; i < n; i++, d += (<usize>pitch) << 2) {
    const pixel = at(addresses, i);
    if (pixel != 0) addRow(pixel + gOffset, channels, d, factor);
  }
}

// @ts-ignore: decorator
@inline
function addRow(to: usize, floats: i32, d: usize, factor: f32): void {
  for (let c: usize = 0; c < (<usize>floats) << 2; c += 4) add(to + c, factor * load<f32>(d + c));
}

/**
 * All rows to one pixel.
 * @call pixel n gOffset d
 */
export function addToOne(
  pixel: usize, n: i32, channels: i32, gOffset: i32, d: usize, pitch: i32, factor: f32,
): void {
  for (let i = 0; i < n; i++, d += (<usize>pitch) << 2) addRow(pixel + gOffset, channels, d, factor);
}

// @ts-ignore: decorator
@inline
function sumRow(d: usize, channels: i32): f32 {
  let sum: f32 = 0;
  for (let c: usize = 0; c < (<usize>channels) << 2; c += 4) sum += load<f32>(d + c);
  return sum;
}

/**
 * Each row's sum to a listed pixel of one channel.
 * @call addresses n gOffset d
 */
export function addChannelSum(
  addresses: usize, n: i32, channels: i32, gOffset: i32, d: usize, pitch: i32, factor: f32,
): void {
  for (let i = 0; i < n; i++, d += (<usize>pitch) << 2)
    add(at(addresses, i) + gOffset, factor * sumRow(d, channels));
}

/**
 * All rows' sums to one pixel of one channel.
 * @call pixel n gOffset d
 */
export function addChannelSumToOne(
  pixel: usize, n: i32, channels: i32, gOffset: i32, d: usize, pitch: i32, factor: f32,
): void {
  for (let i = 0; i < n; i++, d += (<usize>pitch) << 2) add(pixel + gOffset, factor * sumRow(d, channels));
}

/**
 * Rows times an input of a merge: listed pixels or one for all, with as many channels or one for all.
 * @call addresses n onePixel d
 */
export function multiplyDelta(
  addresses: usize, n: i32, channels: i32, oneChannel: i32, onePixel: usize, d: usize, pitch: i32,
): void {
  for (let i = 0; i < n; i++, d += (<usize>pitch) << 2) {
    const pixel = onePixel ? onePixel : at(addresses, i);
    for (let c: usize = 0; c < (<usize>channels) << 2; c += 4)
      store<f32>(d + c, load<f32>(d + c) * load<f32>(oneChannel ? pixel : pixel + c));
  }
}

/**
 * Of a maximum or minimum `z` (rows of `channels` floats), this input takes what is its own, and nobody after it.
 * @call addresses n onePixel z d gOffset
 */
export function claimDelta(
  addresses: usize, n: i32, channels: i32, oneChannel: i32, onePixel: usize,
  z: usize, d: usize, pitch: i32, gOffset: i32,
): void {
  const bytes = (<usize>channels) << 2;
  for (let i = 0; i < n; i++, d += (<usize>pitch) << 2, z += bytes) {
    const pixel = onePixel ? onePixel : at(addresses, i);
    for (let c: usize = 0; c < bytes; c += 4) {
      const x = oneChannel ? pixel : pixel + c;
      if (load<f32>(x) != load<f32>(z + c)) continue;
      add(x + gOffset, load<f32>(d + c));
      store<f32>(d + c, 0);
    }
  }
}

/**
 * Back through `upsampleBilinear`: to the up to four pixels that each listed one lies between.
 * @call ys xs n base gOffset d
 */
export function spreadGradient(
  ys: usize, xs: usize, n: i32,
  base: usize, rowBytes: i32, height: i32, width: i32, channels: i32, fh: i32, fw: i32,
  gOffset: i32, d: usize, pitch: i32,
): void {
  const bytes = (<usize>channels) << 2;
  for (let i = 0; i < n; i++, d += (<usize>pitch) << 2) {
    const y = <i32>at(ys, i);
    const x = <i32>at(xs, i);
    const row = y / fh;
    const column = x / fw;
    const below = <f32>(y % fh) / <f32>fh;
    const right = <f32>(x % fw) / <f32>fw;
    const down: usize = row + 1 < height ? rowBytes : 0;
    const next: usize = column + 1 < width ? bytes : 0;
    const pixel = base + <usize>(row * rowBytes) + <usize>column * bytes + gOffset;
    addRow(pixel, channels, d, (1 - below) * (1 - right));
    if (right > 0) addRow(pixel + next, channels, d, (1 - below) * right);
    if (below > 0) addRow(pixel + down, channels, d, below * (1 - right));
    if (below > 0 && right > 0) addRow(pixel + down + next, channels, d, below * right);
  }
}

/**
 * Back through `copyValues`.
 * @call ys xs n base gOffset d
 */
export function valuesGradient(
  ys: usize, xs: usize, n: i32, width: i32, channels: i32,
  base: usize, rowBytes: i32, rowValues: i32, gOffset: i32, d: usize, pitch: i32,
): void {
  for (let i = 0; i < n; i++, d += (<usize>pitch) << 2) {
    let value = (<i32>at(ys, i) * width + <i32>at(xs, i)) * channels;
    for (let c: usize = 0; c < <usize>channels; c++, value++) {
      const own = base + (value / rowValues) * rowBytes + ((value % rowValues) << 2) + gOffset;
      add(own, load<f32>(d + (c << 2)));
    }
  }
}

/**
 * Back through (x − mean) × scale + beta; the parameters' gradients lie as the parameters do.
 * @call sources n ys xs gOffset d toScale toOffset
 */
export function normalizeGradient(
  sources: usize, n: i32, channels: i32, mean: usize, scale: usize, perPixel: i32,
  ys: usize, xs: usize, width: i32, gOffset: i32, needsInput: i32,
  d: usize, pitch: i32, toScale: usize, toOffset: usize,
): void {
  const bytes = (<usize>channels) << 2;
  for (let i = 0; i < n; i++, d += (<usize>pitch) << 2) {
    const pixel = at(sources, i);
    const own: usize = perPixel ? (at(ys, i) * width + at(xs, i)) * bytes : 0;
    for (let c: usize = 0; c < bytes; c += 4) {
      const g = load<f32>(d + c);
      add(toScale + own + c, g * (load<f32>(pixel + c) - load<f32>(mean + own + c)));
      add(toOffset + own + c, g);
      if (needsInput) add(pixel + gOffset + c, g * load<f32>(scale + own + c));
    }
  }
}

/**
 * Back through PReLU.
 * @call sources n ys xs gOffset d toAlpha
 */
export function preluGradient(
  sources: usize, n: i32, channels: i32, alpha: usize, perPixel: i32,
  ys: usize, xs: usize, width: i32, gOffset: i32, needsInput: i32,
  d: usize, pitch: i32, toAlpha: usize,
): void {
  const bytes = (<usize>channels) << 2;
  for (let i = 0; i < n; i++, d += (<usize>pitch) << 2) {
    const pixel = at(sources, i);
    const own: usize = perPixel ? (at(ys, i) * width + at(xs, i)) * bytes : 0;
    for (let c: usize = 0; c < bytes; c += 4) {
      const x = load<f32>(pixel + c);
      const g = load<f32>(d + c);
      if (!(x > 0)) add(toAlpha + own + c, g * x);
      if (needsInput) add(pixel + gOffset + c, x > 0 ? g : g * load<f32>(alpha + own + c));
    }
  }
}

/** A whole plane of gradients, row after row without gaps. */
export function addPlane(
  from: usize, base: usize, rowBytes: i32, H: i32, W: i32, C: i32, gOffset: i32,
): void {
  const floats = W * C;
  for (let y = 0; y < H; y++, from += (<usize>floats) << 2)
    addRow(base + <usize>(y * rowBytes) + gOffset, floats, from, 1);
}
