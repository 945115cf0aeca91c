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

/** All bits of the first `lanes` lanes, 1 to 4. */
// @ts-ignore: decorator
@inline
export function laneMask(lanes: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(lanes));
}

/** The same clamp for one number. */
// @ts-ignore: decorator
@inline
export function clamp1(x: f32, low: f32, high: f32): f32 {
  const raised = x < low ? low : x;
  return high < raised ? high : raised;
}
