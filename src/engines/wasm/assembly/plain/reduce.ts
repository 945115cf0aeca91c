/** Partial results of blocks of pixels, and their sums or maxima, value by value. */

/** The address of a pixel, by its number in row-major order. */
// @ts-ignore: decorator
@inline
function address(pixel: i32, W: i32, base: usize, rowBytes: i32, C: i32): usize {
  return base + (pixel / W) * rowBytes + (((pixel % W) * C) << 2);
}

export function denseBlocks(
  blocks: usize, nb: i32, B: i32, pixels: i32,
  W: i32, base: usize, rowBytes: i32, C: i32,
  weights: usize, U4: i32, partials: usize,
): void {
  const unitBytes = <usize>U4 << 2;
  for (let i = 0; i < nb; i++) {
    const block = load<i32>(blocks + (<usize>i << 2));
    const end = min(block * B + B, pixels);
    const to = partials + <usize>block * unitBytes;
    memory.fill(to, 0, unitBytes);
    for (let pixel = block * B; pixel < end; pixel++) {
      let at = address(pixel, W, base, rowBytes, C);
      let w = weights + <usize>pixel * C * unitBytes;
      for (let c = 0; c < C; c++, at += 4) {
        const x = load<f32>(at);
        for (let u: usize = 0; u < unitBytes; u += 4, w += 4) {
          store<f32>(to + u, load<f32>(to + u) + x * load<f32>(w));
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function combine(maximum: i32, a: f32, b: f32): f32 {
  return maximum ? max(a, b) : a + b;
}

function start(at: usize, count: i32, maximum: i32): void {
  for (let u = 0; u < count; u++) store<f32>(at + (<usize>u << 2), maximum ? -Infinity : 0);
}

function combineInto(to: usize, from: usize, count: i32, maximum: i32): void {
  for (let u = 0; u < count; u++, to += 4, from += 4) {
    store<f32>(to, combine(maximum, load<f32>(to), load<f32>(from)));
  }
}

export function poolBlocks(
  blocks: usize, nb: i32, B: i32, pixels: i32,
  W: i32, base: usize, rowBytes: i32, C: i32, C4: i32,
  maximum: i32, partials: usize,
): void {
  for (let i = 0; i < nb; i++) {
    const block = load<i32>(blocks + (<usize>i << 2));
    const end = min(block * B + B, pixels);
    const to = partials + ((block * C4) << 2);
    start(to, C4, maximum);
    for (let pixel = block * B; pixel < end; pixel++) {
      combineInto(to, address(pixel, W, base, rowBytes, C), C, maximum);
    }
  }
}

export function reduceGroups(
  groups: usize, ng: i32, perGroup: i32, blocks: i32, U4: i32,
  partials: usize, sums: usize, maximum: i32,
): void {
  const bytes = <usize>U4 << 2;
  for (let i = 0; i < ng; i++) {
    const group = load<i32>(groups + (<usize>i << 2));
    const end = min((group + 1) * perGroup, blocks);
    const to = sums + <usize>group * bytes;
    start(to, U4, maximum);
    for (let block = group * perGroup; block < end; block++) {
      combineInto(to, partials + <usize>block * bytes, U4, maximum);
    }
  }
}

export function reduceTotal(
  sums: usize, nGroups: i32, U4: i32, bias: usize, factor: f32, maximum: i32, to: usize,
): void {
  start(to, U4, maximum);
  for (let g = 0; g < nGroups; g++) combineInto(to, sums + ((g * U4) << 2), U4, maximum);
  for (let u = 0; u < U4; u++, to += 4) {
    store<f32>(to, load<f32>(to) * factor + (bias ? load<f32>(bias + (<usize>u << 2)) : 0));
  }
}
