/** Pools over windows that are clipped to the input's plane. */

import {before, inside} from './clip';

/** `so far` with one more tap. A maximum passes over what is not a number, as tfjs's does. */
// @ts-ignore: decorator
@inline
function take(average: bool, soFar: v128, at: usize): v128 {
  return average ? f32x4.add(soFar, v128.load(at)) : f32x4.pmax(soFar, v128.load(at));
}

// @ts-ignore: decorator
@inline
function take2(average: bool, soFar: v128, at: usize, step: usize): v128 {
  return take(average, take(average, soFar, at), at + step);
}

// @ts-ignore: decorator
@inline
function take3(average: bool, soFar: v128, at: usize, step: usize): v128 {
  return take(average, take2(average, soFar, at, step), at + 2 * step);
}

/** One vector of the window at `at`, row by row. The usual sizes have no loop. */
// @ts-ignore: decorator
@inline
function gatherWindow(average: bool, at: usize, rows: i32, columns: i32, down: usize, right: usize): v128 {
  let v = f32x4.splat(average ? 0 : -Infinity);
  if (rows == 2 && columns == 2) return take2(average, take2(average, v, at, right), at + down, right);
  if (rows == 3 && columns == 3) {
    v = take3(average, v, at, right);
    v = take3(average, v, at + down, right);
    return take3(average, v, at + 2 * down, right);
  }
  for (let row = 0; row < rows; row++, at += down) {
    for (let column = 0, tap = at; column < columns; column++, tap += right) v = take(average, v, tap);
  }
  return v;
}

/** All channels of the window at `at`. */
// @ts-ignore: decorator
@inline
function poolWindow(
  average: bool,
  at: usize,
  rows: i32,
  columns: i32,
  down: usize,
  right: usize,
  bytes: usize,
  to: usize,
): void {
  const count = f32x4.splat(<f32>(rows * columns));
  for (let c: usize = 0; c < bytes; c += 16) {
    const v = gatherWindow(average, at + c, rows, columns, down, right);
    v128.store(to + c, average ? f32x4.div(v, count) : v);
  }
}

/**
 * The listed output pixels' windows, each clipped to the plane at `base`. An average is over the taps inside.
 * @call ys xs n base to
 * @split n where channels % 4 === 0: ys 4, xs 4, to 4 * channels
 * @cost 4 * kh * kw * channels
 */
export function pool(
  ys: usize,
  xs: usize,
  n: i32,
  base: usize,
  rowBytes: i32,
  height: i32,
  width: i32,
  channels: i32,
  kh: i32,
  kw: i32,
  sh: i32,
  sw: i32,
  dh: i32,
  dw: i32,
  padTop: i32,
  padLeft: i32,
  average: i32,
  to: usize,
): void {
  const bytes = (<usize>channels) << 2;
  const down = <usize>(dh * rowBytes);
  const right = <usize>dw * bytes;
  for (let i = 0; i < n; i++, to += bytes) {
    const top = <i32>load<u32>(ys + ((<usize>i) << 2)) * sh - padTop;
    const left = <i32>load<u32>(xs + ((<usize>i) << 2)) * sw - padLeft;
    const rows = inside(top, kh, dh, height);
    const columns = inside(left, kw, dw, width);
    const y = top + before(top, dh) * dh;
    const x = left + before(left, dw) * dw;
    const at = base + <usize>(y * rowBytes) + <usize>x * bytes;
    if (average) poolWindow(true, at, rows, columns, down, right, bytes, to);
    else poolWindow(false, at, rows, columns, down, right, bytes, to);
  }
}
