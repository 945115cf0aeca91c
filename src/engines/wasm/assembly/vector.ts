/** The few vector idioms that every kernel shares. A vector is 4 float32. */

/** `sum + a × b`, rounded once where the build has relaxed SIMD (and the processor the instruction), twice elsewhere. */
// @ts-ignore: decorator
@inline
export function madd(sum: v128, a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, sum) : f32x4.add(sum, f32x4.mul(a, b));
}

/** `x` within [low, high]. A NaN stays a NaN. */
// @ts-ignore: decorator
@inline
export function clamp(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, low), high);
}

/** All bits of the lanes in which |a - b| ≤ tolerance, a comparison that no NaN passes. */
// @ts-ignore: decorator
@inline
export function within(a: v128, b: v128, tolerance: v128): v128 {
  return f32x4.le(f32x4.abs(f32x4.sub(a, b)), tolerance);
}

/** All bits of the first `lanes` lanes, 1 to 4. */
// @ts-ignore: decorator
@inline
export function laneMask(lanes: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(lanes));
}

/** The sum of the 4 lanes. */
// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f32 {
  const a = f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1);
  return a + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/**
 * Stores the lanes of a vector that have bits in `lanes`, the first 1 to 4. What lies beyond is not written, not even as it was: it is
 * another pixel's, which another thread may be writing.
 */
// @ts-ignore: decorator
@inline
export function storeLanes(to: usize, value: v128, lanes: v128): void {
  if (i32x4.all_true(lanes)) v128.store(to, value);
  else storeFirst(to, value, lanes);
}

function storeFirst(to: usize, value: v128, lanes: v128): void {
  if (!i32x4.extract_lane(lanes, 1)) return v128.store32_lane(to, value, 0);
  v128.store64_lane(to, value, 0);
  if (i32x4.extract_lane(lanes, 2)) v128.store32_lane(to + 8, value, 2);
}
