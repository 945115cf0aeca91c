/** Activation functions, formula for formula as tfjs has them. */
import {
  CLIPPED_RELU,
  ELU,
  GELU,
  GELU_NEW,
  HARD_SIGMOID,
  HARD_SWISH,
  LEAKY_RELU,
  LOG_SOFTMAX,
  MISH,
  RELU,
  RELU6,
  SELU,
  SIGMOID,
  SOFTMAX,
  SOFTPLUS,
  SOFTSIGN,
  SWISH,
  TANH,
  THRESHOLDED_RELU,
} from './kinds';
import {erf4, exp4, expm1Negative, log1p4, logFrom1, tanh4} from './math';
import {clamp, laneMask, sumLanes} from './vector';

const SELU_SCALE: f32 = 1.0507009873554804934;
const SELU_SCALE_ALPHA: f32 = 1.7580993408473768599;
const SQRT_2_OVER_PI: f32 = 0.7978845608028654;

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

// @ts-ignore: decorator
@inline
function sigmoid(x: v128): v128 {
  return f32x4.div(splat(1), f32x4.add(splat(1), exp4(f32x4.neg(x))));
}

// @ts-ignore: decorator
@inline
function elu(x: v128, scale: f32, scaleAlpha: f32): v128 {
  const negative = f32x4.mul(expm1Negative(x), splat(scaleAlpha));
  return v128.bitselect(f32x4.mul(x, splat(scale)), negative, f32x4.ge(x, splat(0)));
}

/** ln(1 + e^x), by what does not overflow. */
// @ts-ignore: decorator
@inline
function softplus(x: v128): v128 {
  return f32x4.add(f32x4.pmax(x, splat(0)), log1p4(exp4(f32x4.neg(f32x4.abs(x)))));
}

// @ts-ignore: decorator
@inline
function gelu(x: v128): v128 {
  const both = f32x4.add(splat(1), erf4(f32x4.mul(x, splat(0.7071067811865476))));
  return f32x4.mul(x, f32x4.mul(splat(0.5), both));
}

// @ts-ignore: decorator
@inline
function geluTanh(x: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(x, x), x);
  const inner = f32x4.add(x, f32x4.mul(splat(0.044715), cube));
  const both = f32x4.add(splat(1), tanh4(f32x4.mul(splat(SQRT_2_OVER_PI), inner)));
  return f32x4.mul(splat(0.5), f32x4.mul(x, both));
}

/** x tanh(ln(1 + e^x)), the tanh as a quotient in e^x; above 20 it is 1 and e^x need not grow. */
// @ts-ignore: decorator
@inline
function mish(x: v128): v128 {
  const e = exp4(f32x4.pmin(x, splat(20)));
  const t = f32x4.mul(e, f32x4.add(e, splat(2)));
  return f32x4.mul(x, f32x4.div(t, f32x4.add(t, splat(2))));
}

/** x times a factor, and that times relu6(x + 3): MobileNets round in this order. */
// @ts-ignore: decorator
@inline
function hardSwish(x: v128, factor: f32): v128 {
  const gate = clamp(f32x4.add(x, splat(3)), splat(0), splat(6));
  return f32x4.mul(f32x4.mul(x, splat(factor)), gate);
}

/** One vector through the activation `kind`: a constant, by which the compiler chooses. */
// @ts-ignore: decorator
@inline
function apply(kind: i32, x: v128, parameter: f32): v128 {
  if (kind == RELU) return f32x4.pmax(x, splat(0));
  if (kind == RELU6) return clamp(x, splat(0), splat(6));
  if (kind == CLIPPED_RELU) return clamp(x, splat(0), splat(parameter));
  if (kind == LEAKY_RELU) return v128.bitselect(f32x4.mul(x, splat(parameter)), x, f32x4.lt(x, splat(0)));
  if (kind == THRESHOLDED_RELU) return f32x4.mul(x, v128.and(f32x4.gt(x, splat(parameter)), splat(1)));
  if (kind == ELU) return elu(x, 1, 1);
  if (kind == SELU) return elu(x, SELU_SCALE, SELU_SCALE_ALPHA);
  if (kind == SIGMOID) return sigmoid(x);
  if (kind == SWISH) return f32x4.mul(sigmoid(x), x);
  if (kind == HARD_SIGMOID) return clamp(f32x4.add(splat(0.5), f32x4.mul(splat(0.2), x)), splat(0), splat(1));
  if (kind == HARD_SWISH) return hardSwish(x, parameter);
  if (kind == SOFTSIGN) return f32x4.div(x, f32x4.add(f32x4.abs(x), splat(1)));
  if (kind == TANH) return tanh4(x);
  if (kind == SOFTPLUS) return softplus(x);
  if (kind == MISH) return mish(x);
  if (kind == GELU) return gelu(x);
  if (kind == GELU_NEW) return geluTanh(x);
  return x;
}

// @ts-ignore: decorator
@inline
function each(kind: i32, at: usize, count: i32, parameter: f32): void {
  for (const end = at + ((<usize>count) << 2); at < end; at += 16) {
    v128.store(at, apply(kind, v128.load(at), parameter));
  }
}

/**
 * `count` floats through an activation other than softmax. May touch up to 12 bytes past the end.
 * @split count: at 4
 * @cost 16
 */
export function activateInPlace(at: usize, count: i32, kind: i32, parameter: f32): void {
  switch (kind) {
    case RELU:
      return each(RELU, at, count, parameter);
    case RELU6:
      return each(RELU6, at, count, parameter);
    case CLIPPED_RELU:
      return each(CLIPPED_RELU, at, count, parameter);
    case LEAKY_RELU:
      return each(LEAKY_RELU, at, count, parameter);
    case THRESHOLDED_RELU:
      return each(THRESHOLDED_RELU, at, count, parameter);
    case ELU:
      return each(ELU, at, count, parameter);
    case SELU:
      return each(SELU, at, count, parameter);
    case SIGMOID:
      return each(SIGMOID, at, count, parameter);
    case SWISH:
      return each(SWISH, at, count, parameter);
    case HARD_SIGMOID:
      return each(HARD_SIGMOID, at, count, parameter);
    case HARD_SWISH:
      return each(HARD_SWISH, at, count, parameter);
    case SOFTSIGN:
      return each(SOFTSIGN, at, count, parameter);
    case TANH:
      return each(TANH, at, count, parameter);
    case SOFTPLUS:
      return each(SOFTPLUS, at, count, parameter);
    case MISH:
      return each(MISH, at, count, parameter);
    case GELU:
      return each(GELU, at, count, parameter);
    case GELU_NEW:
      return each(GELU_NEW, at, count, parameter);
  }
}

/** The listed pixels side by side. */
function gather(from: usize, n: i32, C: i32, to: usize): void {
  const bytes = (<usize>C) << 2;
  for (const end = from + ((<usize>n) << 2); from < end; from += 4, to += bytes) {
    const pixel: usize = load<u32>(from);
    for (let c: usize = 0; c < bytes; c += 16) v128.store(to + c, v128.load(pixel + c));
  }
}

/**
 * The listed pixels through an activation.
 * @split n where C % 4 === 0: from 4, to 4 * C
 * @cost 16 * C
 */
export function activate(from: usize, n: i32, C: i32, kind: i32, parameter: f32, to: usize): void {
  if (kind == SOFTMAX || kind == LOG_SOFTMAX) return softmax(from, n, C, i32(kind == LOG_SOFTMAX), to);
  gather(from, n, C, to);
  activateInPlace(to, n * C, kind, parameter);
}

/** The last vector of C channels: all bits of the lanes that hold channels. */
// @ts-ignore: decorator
@inline
function lastMask(C: i32): v128 {
  return laneMask(((C - 1) & 3) + 1);
}

/** The largest of C channels. It may pass over what is not a number: the sum of the exponentials meets it. */
function largest(pixel: usize, last: usize, mask: v128): f32 {
  let v = v128.bitselect(v128.load(pixel + last), splat(-Infinity), mask);
  for (let c: usize = 0; c < last; c += 16) v = f32x4.pmax(v, v128.load(pixel + c));
  v = f32x4.max(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.max(v, v128.shuffle<f32>(v, v, 1, 0, 3, 2)), 0);
}

/** Exponentials of C channels less `peak` into `to`; their sum. */
function exponentials(pixel: usize, last: usize, mask: v128, peak: v128, to: usize): f32 {
  let sum = splat(0);
  for (let c: usize = 0; c < last; c += 16) {
    const e = exp4(f32x4.sub(v128.load(pixel + c), peak));
    v128.store(to + c, e);
    sum = f32x4.add(sum, e);
  }
  const e = exp4(f32x4.sub(v128.load(pixel + last), peak));
  v128.store(to + last, e);
  return sumLanes(f32x4.add(sum, v128.and(e, mask)));
}

/** Each listed pixel's channels through softmax, or its logarithm. */
export function softmax(from: usize, n: i32, C: i32, log: i32, to: usize): void {
  const bytes = (<usize>C) << 2;
  const last = (<usize>((C - 1) >> 2)) << 4;
  const mask = lastMask(C);
  for (const end = from + ((<usize>n) << 2); from < end; from += 4, to += bytes) {
    const pixel: usize = load<u32>(from);
    const peak = splat(largest(pixel, last, mask));
    const sum = exponentials(pixel, last, mask, peak, to);
    if (log) {
      const logSum = logFrom1(splat(sum));
      for (let c: usize = 0; c <= last; c += 16)
        v128.store(to + c, f32x4.sub(f32x4.sub(v128.load(pixel + c), peak), logSum));
    } else {
      const divisor = splat(sum);
      for (let c: usize = 0; c <= last; c += 16) v128.store(to + c, f32x4.div(v128.load(to + c), divisor));
    }
  }
}
