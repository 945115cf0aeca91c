/** Exponentials of vectors, to about 2 units in the last place. What is not a number stays so. */
import {clamp, madd} from './vector';

const LOG2_E: f32 = 1.44269504;
/** ln 2 in two parts, of which the first has so few bits that its products with whole numbers are exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** Two to the power of whole numbers within a float's exponents. */
// @ts-ignore: decorator
@inline
function powerOf2(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** `x - n ln 2`. */
// @ts-ignore: decorator
@inline
function remainder(x: v128, n: v128): v128 {
  return madd(madd(x, n, splat(-LN2_HIGH)), n, splat(-LN2_LOW));
}

/** e^r - 1 for |r| up to ln 2 / 2: a polynomial without constant, so as exact near 0 as anywhere. */
// @ts-ignore: decorator
@inline
function expm1Near0(r: v128): v128 {
  let p = madd(splat(1.3981999507e-3), r, splat(1.98756915e-4));
  p = madd(splat(8.3334519073e-3), r, p);
  p = madd(splat(4.1665795894e-2), r, p);
  p = madd(splat(1.6666665459e-1), r, p);
  p = madd(splat(5.0000001201e-1), r, p);
  return madd(r, f32x4.mul(r, r), p);
}

/** e^x, which overflows to infinity and underflows to 0. The power of 2 comes in two factors: alone it may be neither. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const inRange = clamp(x, splat(-104), splat(89));
  const n = f32x4.nearest(f32x4.mul(inRange, splat(LOG2_E)));
  const e = f32x4.add(splat(1), expm1Near0(remainder(inRange, n)));
  const power = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(power, 1);
  return f32x4.mul(f32x4.mul(e, powerOf2(half)), powerOf2(i32x4.sub(power, half)));
}

/** e^x - 1 for x up to 0; of other numbers, anything. */
// @ts-ignore: decorator
@inline
export function expm1Negative(x: v128): v128 {
  const inRange = f32x4.pmax(x, splat(-30));
  const n = f32x4.nearest(f32x4.mul(inRange, splat(LOG2_E)));
  const power = powerOf2(i32x4.trunc_sat_f32x4_s(n));
  return madd(f32x4.sub(power, splat(1)), power, expm1Near0(remainder(inRange, n)));
}

/** The magnitude of one vector with the signs of another. */
// @ts-ignore: decorator
@inline
export function copySign(magnitude: v128, sign: v128): v128 {
  return v128.bitselect(sign, magnitude, i32x4.splat(0x80000000));
}

/** By e^(-2|x|) - 1, which neither overflows nor cancels. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const t = expm1Negative(f32x4.mul(f32x4.abs(x), splat(-2)));
  return copySign(f32x4.div(t, f32x4.add(t, splat(2))), x);
}

/** ln(1 + y) for y in [0, 1]: the series of 2 atanh(y / (2 + y)). */
// @ts-ignore: decorator
@inline
export function log1p4(y: v128): v128 {
  const s = f32x4.div(y, f32x4.add(y, splat(2)));
  const z = f32x4.mul(s, s);
  let p = madd(splat(2.0 / 11), z, splat(2.0 / 13));
  p = madd(splat(2.0 / 9), z, p);
  p = madd(splat(2.0 / 7), z, p);
  p = madd(splat(2.0 / 5), z, p);
  p = madd(splat(2.0 / 3), z, p);
  p = f32x4.mul(z, p);
  return madd(f32x4.add(s, s), s, p);
}

/** ln x for x from 1: the exponent's share and the significand's, of the same sign. */
// @ts-ignore: decorator
@inline
export function logFrom1(x: v128): v128 {
  const exponent = i32x4.sub(i32x4.shr_s(x, 23), i32x4.splat(127));
  const significand = f32x4.mul(x, powerOf2(i32x4.neg(exponent)));
  const rest = log1p4(f32x4.sub(significand, splat(1)));
  const n = f32x4.convert_i32x4_s(exponent);
  return madd(madd(rest, n, splat(LN2_LOW)), n, splat(LN2_HIGH));
}

/** The error function as tfjs approximates it (Abramowitz and Stegun, 7.1.26). */
// @ts-ignore: decorator
@inline
export function erf4(x: v128): v128 {
  const v = f32x4.abs(x);
  const t = f32x4.div(splat(1), madd(splat(1), v, splat(0.3275911)));
  let p = madd(splat(-1.453152027), t, splat(1.061405429));
  p = madd(splat(1.421413741), t, p);
  p = madd(splat(-0.284496736), t, p);
  p = madd(splat(0.254829592), t, p);
  const tail = f32x4.mul(f32x4.mul(p, t), exp4(f32x4.neg(f32x4.mul(v, v))));
  return copySign(f32x4.sub(splat(1), tail), x);
}
