/**
 * A region as a list: the coordinates of its pixels in row-major order, and the addresses that a kernel reads or
 * writes for each. Kernels take pixels from such lists and not from rows, so that a group of them is always full,
 * however short the spans are.
 */

/** Lists the set pixels of a mask; returns how many there are. */
export function listPixels(mask: usize, height: i32, width: i32, ys: usize, xs: usize): i32 {
  const words = (width + 31) >>> 5;
  const first = ys;
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < words; i++, mask += 4) {
      let word = load<u32>(mask);
      const x = i << 5;
      while (word !== 0) {
        store<u32>(ys, y);
        store<u32>(xs, x + (ctz(word) as i32));
        word &= word - 1;
        ys += 4;
        xs += 4;
      }
    }
  }
  return ((ys - first) >>> 2) as i32;
}

/** The address of each listed pixel in a plane, or of the first tap of its window, where the rows and pixels read lie further apart. */
export function addressPixels(
  ys: usize,
  xs: usize,
  n: i32,
  base: usize,
  rowBytes: i32,
  pixelBytes: i32,
  to: usize,
): void {
  const end = ys + ((n as usize) << 2);
  const start = i32x4.splat(base as i32), down = i32x4.splat(rowBytes), right = i32x4.splat(pixelBytes);
  for (; ys + 16 <= end; ys += 16, xs += 16, to += 16) {
    const row = i32x4.add(start, i32x4.mul(v128.load(ys), down));
    v128.store(to, i32x4.add(row, i32x4.mul(v128.load(xs), right)));
  }
  for (; ys < end; ys += 4, xs += 4, to += 4) {
    store<u32>(to, (base as u32) + load<u32>(ys) * rowBytes + load<u32>(xs) * pixelBytes);
  }
}

/** Addresses in a list of values that lie one after the other. */
export function addressSteps(n: i32, base: usize, bytes: i32, to: usize): void {
  for (let i = 0; i < n; i++, to += 4, base += bytes) store<u32>(to, base as u32);
}

/** The address of each numbered row of `bytes`. */
export function addressRows(numbers: usize, n: i32, base: usize, bytes: i32, to: usize): void {
  for (let i = 0; i < n; i++, numbers += 4, to += 4)
    store<u32>(to, (base as u32) + load<u32>(numbers) * bytes);
}

/**
 * The address of the pixel that each listed one copies: (y + dy, x + dx) divided by the factors; 0 where that lies
 * outside the plane.
 * @call ys xs n base
 */
export function addressSources(
  ys: usize,
  xs: usize,
  n: i32,
  base: usize,
  rowBytes: i32,
  pixelBytes: i32,
  height: i32,
  width: i32,
  dy: i32,
  dx: i32,
  fh: i32,
  fw: i32,
  to: usize,
): void {
  for (let end = ys + ((n as usize) << 2); ys < end; ys += 4, xs += 4, to += 4) {
    const y = (load<u32>(ys) as i32) + dy;
    const x = (load<u32>(xs) as i32) + dx;
    const inside = y >= 0 && x >= 0 && y < height * fh && x < width * fw;
    store<u32>(to, inside ? (base as u32) + (y / fh) * rowBytes + (x / fw) * pixelBytes : 0);
  }
}

/** Pixels of a row that a list is searched by for the row's end. */
const ROW_STEP = 16;

/**
 * Of the listed output pixels of a transposed convolution, those of one phase: those whose padded row is `phaseY` beyond a
 * multiple of `sh`, and whose padded column is `phaseX` beyond one of `sw`. Addresses of the first tap of each (`base` is
 * that of padded pixel (0, 0)), and where it is written: `toBytes` apart in the whole list. Returns how many there are.
 * @call ys xs n base to
 */
export function listPhase(
  ys: usize,
  xs: usize,
  n: i32,
  padTop: i32,
  padLeft: i32,
  sh: i32,
  sw: i32,
  phaseY: i32,
  phaseX: i32,
  base: usize,
  rowBytes: i32,
  pixelBytes: i32,
  to: usize,
  toBytes: i32,
  sources: usize,
  targets: usize,
): i32 {
  // Divisions cost more than all else here: one for each row, and none for columns where the stride is a power of two.
  const isPower = (sw & (sw - 1)) === 0;
  const shift = ctz(sw);
  let count = 0, row = -1;
  let isOwn = false;
  let start: u32 = 0;
  for (let i = 0; i < n; i++, ys += 4, xs += 4, to += toBytes) {
    const y = load<i32>(ys) + padTop;
    if (y !== row) {
      row = y;
      isOwn = y % sh === phaseY;
      start = (base as u32) + (y / sh) * rowBytes;
    }
    if (!isOwn) {
      // Many pixels of such a row are passed over at a time.
      for (; i + ROW_STEP < n && load<i32>(ys + (ROW_STEP << 2)) + padTop === y; i += ROW_STEP) {
        ys += ROW_STEP << 2;
        xs += ROW_STEP << 2;
        to += ROW_STEP * toBytes;
      }
      continue;
    }
    const x = load<i32>(xs) + padLeft;
    if ((isPower ? x & (sw - 1) : x % sw) !== phaseX) continue;
    const at = (<usize>count) << 2;
    store<u32>(sources + at, start + (isPower ? x >> shift : x / sw) * pixelBytes);
    store<u32>(targets + at, to as u32);
    count++;
  }
  return count;
}

/**
 * Copies each listed pixel's values from a plane of other rows and pixels that holds the same values in the same order.
 * @call ys xs n base to
 */
export function copyValues(
  ys: usize,
  xs: usize,
  n: i32,
  width: i32,
  channels: i32,
  base: usize,
  rowBytes: i32,
  rowValues: i32,
  to: usize,
): void {
  for (let end = ys + ((n as usize) << 2); ys < end; ys += 4, xs += 4) {
    let value = (load<u32>(ys) * width + load<u32>(xs)) * channels;
    for (let c = 0; c < channels; c++, value++, to += 4) {
      store<f32>(to, load<f32>(base + (value / rowValues) * rowBytes + ((value % rowValues) << 2)));
    }
  }
}

/** Copies the listed pixels that are somewhere (an address is not 0), and leaves the others as they are. */
export function copyWhereThere(addresses: usize, n: i32, bytes: i32, to: usize): void {
  for (let i = 0; i < n; i++, addresses += 4, to += bytes) {
    const from = load<u32>(addresses);
    if (from !== 0) memory.copy(to, from, bytes);
  }
}

/** The numbers of the blocks of `size` pixels, row-major, that the listed pixels lie in, each once; returns how many. */
export function listBlocks(ys: usize, xs: usize, n: i32, width: i32, size: i32, to: usize): i32 {
  const first = to;
  let previous = -1;
  for (let end = ys + ((n as usize) << 2); ys < end; ys += 4, xs += 4) {
    const block = ((load<u32>(ys) as i32) * width + (load<u32>(xs) as i32)) / size;
    if (block === previous) continue;
    previous = block;
    store<u32>(to, block);
    to += 4;
  }
  return ((to - first) >>> 2) as i32;
}

/** The same for groups of blocks. */
export function listGroups(blocks: usize, n: i32, size: i32, to: usize): i32 {
  const first = to;
  let previous = -1;
  for (let end = blocks + ((n as usize) << 2); blocks < end; blocks += 4) {
    const group = (load<u32>(blocks) as i32) / size;
    if (group === previous) continue;
    previous = group;
    store<u32>(to, group);
    to += 4;
  }
  return ((to - first) >>> 2) as i32;
}

/** Leaves of a mask only the listed pixels that are flagged; returns how many those are. */
export function keepFlagged(ys: usize, xs: usize, flags: usize, n: i32, mask: usize, width: i32): i32 {
  const words = (width + 31) >>> 5;
  let kept = 0;
  for (let i = 0; i < n; i++, ys += 4, xs += 4) {
    if (load<u8>(flags + i) !== 0) {
      kept++;
      continue;
    }
    const x = load<u32>(xs);
    const word = mask + ((load<u32>(ys) * words + (x >>> 5)) << 2);
    store<u32>(word, load<u32>(word) & ~(1 << (x & 31)));
  }
  return kept;
}
