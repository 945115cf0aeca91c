/** How a pool's window is clipped to the plane, along one axis. */

/** How many taps of a window that begins at `start` lie before the plane. */
// @ts-ignore: decorator
@inline
export function before(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

/** How many taps inside a plane of `size`, without those before it. */
// @ts-ignore: decorator
@inline
export function inside(start: i32, kernel: i32, dilation: i32, size: i32): i32 {
  const end = size > start ? min(kernel, (size - start - 1) / dilation + 1) : 0;
  return max(0, end - before(start, dilation));
}
