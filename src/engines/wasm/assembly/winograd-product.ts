/**
 * The products of winograd.ts: rows of vectors times a filter, groups of rows × 8 output channels with all sums in registers. Where
 * these are twelve, the loop is written as those of conv.ts, to keep them there.
 */
import {madd} from './vector';
import {BYTES_IN, BYTES_OUT, CHANNELS_IN, ROWS} from './winograd-shape';

/**
 * Multiplies `n` rows. A group may reach past them: what it computes there, nobody reads.
 * @param w for each 8 output channels: what the sums begin with, and for each input channel the 8 values
 */
export function multiply(from: usize, n: i32, channels: i32, w: usize, filters: i32, to: usize): void {
  for (let c = 0; c < filters; c += 8) {
    let i = 0;
    if (ASC_FEATURE_RELAXED_SIMD) {
      // Only with a fused multiply-add are 12 sums worth their registers. 5 rows are a group of 6, 3 are one of 4.
      for (; i + 4 < n; i += 6) rows6(from + i * BYTES_IN, w, channels, to + i * BYTES_OUT);
    }
    for (; i + 2 < n; i += 4) rows4(from + i * BYTES_IN, w, channels, to + i * BYTES_OUT);
    if (i < n) rows2(from + i * BYTES_IN, w, channels, to + i * BYTES_OUT);
    w += ((channels + 1) as usize) * BYTES_OUT;
    to += ROWS * BYTES_OUT;
  }
}

function rows6(p: usize, w: usize, channels: i32, to: usize): void {
  let a0 = v128.load(w), b0 = v128.load(w, 16);
  let a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0, a4 = a0, b4 = b0, a5 = a0, b5 = b0;
  w += BYTES_OUT;
  let end = w + min(CHANNELS_IN, channels) * BYTES_OUT;
  for (;;) {
    if (w < end) {
      const wa = v128.load(w), wb = v128.load(w, 16);
      const x5 = v128.load32_splat(p, 5 * BYTES_IN);
      a5 = madd(a5, x5, wa);
      b5 = madd(b5, x5, wb);
      const x4 = v128.load32_splat(p, 4 * BYTES_IN);
      a4 = madd(a4, x4, wa);
      b4 = madd(b4, x4, wb);
      const x3 = v128.load32_splat(p, 3 * BYTES_IN);
      a3 = madd(a3, x3, wa);
      b3 = madd(b3, x3, wb);
      const x2 = v128.load32_splat(p, 2 * BYTES_IN);
      a2 = madd(a2, x2, wa);
      b2 = madd(b2, x2, wb);
      const x1 = v128.load32_splat(p, BYTES_IN);
      a1 = madd(a1, x1, wa);
      b1 = madd(b1, x1, wb);
      const x0 = v128.load32_splat(p);
      a0 = madd(a0, x0, wa);
      b0 = madd(b0, x0, wb);
      w += BYTES_OUT;
      p += 4;
      continue;
    }
    channels -= CHANNELS_IN;
    if (channels <= 0) break;
    end = w + min(CHANNELS_IN, channels) * BYTES_OUT;
    p += (ROWS - 1) * BYTES_IN;
  }
  v128.store(to, a0);
  v128.store(to, b0, 16);
  v128.store(to, a1, BYTES_OUT);
  v128.store(to, b1, BYTES_OUT + 16);
  v128.store(to, a2, 2 * BYTES_OUT);
  v128.store(to, b2, 2 * BYTES_OUT + 16);
  v128.store(to, a3, 3 * BYTES_OUT);
  v128.store(to, b3, 3 * BYTES_OUT + 16);
  v128.store(to, a4, 4 * BYTES_OUT);
  v128.store(to, b4, 4 * BYTES_OUT + 16);
  v128.store(to, a5, 5 * BYTES_OUT);
  v128.store(to, b5, 5 * BYTES_OUT + 16);
}

function rows4(p: usize, w: usize, channels: i32, to: usize): void {
  let a0 = v128.load(w), b0 = v128.load(w, 16);
  let a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0;
  w += BYTES_OUT;
  for (; channels > 0; channels -= CHANNELS_IN, p += (ROWS - 1) * BYTES_IN) {
    for (const end = w + min(CHANNELS_IN, channels) * BYTES_OUT; w < end; w += BYTES_OUT, p += 4) {
      const wa = v128.load(w), wb = v128.load(w, 16);
      const x0 = v128.load32_splat(p);
      a0 = madd(a0, x0, wa);
      b0 = madd(b0, x0, wb);
      const x1 = v128.load32_splat(p, BYTES_IN);
      a1 = madd(a1, x1, wa);
      b1 = madd(b1, x1, wb);
      const x2 = v128.load32_splat(p, 2 * BYTES_IN);
      a2 = madd(a2, x2, wa);
      b2 = madd(b2, x2, wb);
      const x3 = v128.load32_splat(p, 3 * BYTES_IN);
      a3 = madd(a3, x3, wa);
      b3 = madd(b3, x3, wb);
    }
  }
  v128.store(to, a0);
  v128.store(to, b0, 16);
  v128.store(to, a1, BYTES_OUT);
  v128.store(to, b1, BYTES_OUT + 16);
  v128.store(to, a2, 2 * BYTES_OUT);
  v128.store(to, b2, 2 * BYTES_OUT + 16);
  v128.store(to, a3, 3 * BYTES_OUT);
  v128.store(to, b3, 3 * BYTES_OUT + 16);
}

function rows2(p: usize, w: usize, channels: i32, to: usize): void {
  let a0 = v128.load(w), b0 = v128.load(w, 16);
  let a1 = a0, b1 = b0;
  w += BYTES_OUT;
  for (; channels > 0; channels -= CHANNELS_IN, p += (ROWS - 1) * BYTES_IN) {
    for (const end = w + min(CHANNELS_IN, channels) * BYTES_OUT; w < end; w += BYTES_OUT, p += 4) {
      const wa = v128.load(w), wb = v128.load(w, 16);
      const x0 = v128.load32_splat(p);
      a0 = madd(a0, x0, wa);
      b0 = madd(b0, x0, wb);
      const x1 = v128.load32_splat(p, BYTES_IN);
      a1 = madd(a1, x1, wa);
      b1 = madd(b1, x1, wb);
    }
  }
  v128.store(to, a0);
  v128.store(to, b0, 16);
  v128.store(to, a1, BYTES_OUT);
  v128.store(to, b1, BYTES_OUT + 16);
}
