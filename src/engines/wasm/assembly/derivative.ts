/**
 * From the gradient of a pixel after its activation to that before it. The gradient is taken off its plane: what has been
 * sent down is 0 there. A row of `d` holds a pixel's channels and zeros up to `pitch`.
 */
import {
  CLIPPED_RELU,
  ELU,
  GELU,
  GELU_NEW,
  HARD_SIGMOID,
  HARD_SWISH,
  LEAKY_RELU,
  LINEAR,
  MISH,
  RELU,
  RELU6,
  SELU,
  SIGMOID,
  SOFTPLUS,
  SOFTSIGN,
  SWISH,
  TANH,
  THRESHOLDED_RELU,
} from './kinds';

const SELU_SCALE: f64 = 1.0507009873554804934;
const SELU_SCALE_ALPHA: f64 = 1.7580993408473768599;
const SQRT_2_OVER_PI: f64 = 0.7978845608028654;
const SQRT_HALF: f64 = 0.7071067811865476;
const SQRT_1_OVER_2_PI: f64 = 0.3989422804014327;

/** By what the function gave. */
function fromOutput(kind: i32, a: f64): f64 {
  switch (kind) {
    case ELU:
      return a > 0 ? 1 : a + 1;
    case SELU:
      return a > 0 ? SELU_SCALE : a + SELU_SCALE_ALPHA;
    case SIGMOID:
      return a * (1 - a);
    case TANH:
      return 1 - a * a;
    case SOFTSIGN:
      return (1 - abs(a)) * (1 - abs(a));
  }
  return 1;
}

function sigmoid(x: f64): f64 {
  return 1 / (1 + NativeMath.exp(-x));
}

/** The error function, to 1.5e-7 (Abramowitz and Stegun, 7.1.26). */
function erf(x: f64): f64 {
  const v = abs(x);
  const t = 1 / (1 + 0.3275911 * v);
  const p = (((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592;
  return copysign(1 - p * t * NativeMath.exp(-v * v), x);
}

function geluTanh(x: f64): f64 {
  const t = NativeMath.tanh(SQRT_2_OVER_PI * (x + 0.044715 * x * x * x));
  const inner = SQRT_2_OVER_PI * (1 + 3 * 0.044715 * x * x);
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner;
}

function mish(x: f64): f64 {
  const t = NativeMath.tanh(x > 30 ? x : NativeMath.log1p(NativeMath.exp(x)));
  return t + x * (1 - t * t) * sigmoid(x);
}

/** By what the function was given. */
function fromInput(kind: i32, z: f64, parameter: f64): f64 {
  switch (kind) {
    case HARD_SIGMOID: {
      const y = <f64>(<f32>0.5 + <f32>0.2 * <f32>z);
      return y >= 0 && y <= 1 ? 0.2 : 0;
    }
    case HARD_SWISH:
      return z <= -3 ? 0 : z >= 3 ? 6 * parameter : (2 * z + 3) * parameter;
    case LEAKY_RELU:
      return z > 0 ? 1 : parameter;
    case THRESHOLDED_RELU:
      return z > parameter ? 1 : 0;
    case SOFTPLUS:
      return sigmoid(z);
    case SWISH:
      return sigmoid(z) * (1 + z * (1 - sigmoid(z)));
    case MISH:
      return mish(z);
    case GELU:
      return 0.5 * (1 + erf(z * SQRT_HALF)) + z * SQRT_1_OVER_2_PI * NativeMath.exp(-0.5 * z * z);
    case GELU_NEW:
      return geluTanh(z);
  }
  return 1;
}

// @ts-ignore: decorator
@inline
function at(list: usize, i: i32): usize {
  return load<u32>(list + ((<usize>i) << 2));
}

/** What a relu is capped at; NaN, which nothing reaches, where it is not. */
// @ts-ignore: decorator
@inline
function capOf(kind: i32, parameter: f32): f32 {
  return kind == RELU6 ? 6 : kind == CLIPPED_RELU ? parameter : NaN;
}

/**
 * The gradient where the output lies between a relu's bounds: above 0 and below the cap. The last vector may reach into the
 * zeros that follow the row.
 */
// @ts-ignore: decorator
@inline
function passBetween(cap: f32, pixel: usize, own: usize, bytes: usize, d: usize): void {
  for (let c: usize = 0; c < bytes; c += 16) {
    const a = v128.load(pixel + c);
    const passes = v128.andnot(f32x4.gt(a, f32x4.splat(0)), f32x4.ge(a, f32x4.splat(cap)));
    v128.store(d + c, v128.and(v128.load(own + c), passes));
  }
}

/**
 * The listed pixels' gradients, before an activation whose derivative is told by what it gave.
 * @split n: targets 4, d 4 * pitch
 * @cost 16 * C
 */
export function takeDelta(
  targets: usize,
  n: i32,
  C: i32,
  gOffset: i32,
  kind: i32,
  parameter: f32,
  d: usize,
  pitch: i32,
): void {
  const bytes = (<usize>C) << 2;
  const rest = ((<usize>pitch) << 2) - bytes;
  for (let i = 0; i < n; i++) {
    const pixel = at(targets, i);
    const own = pixel + gOffset;
    if (kind == RELU || kind == RELU6 || kind == CLIPPED_RELU) {
      passBetween(capOf(kind, parameter), pixel, own, bytes, d);
    } else if (kind == LINEAR) memory.copy(d, own, bytes);
    else {
      for (let c: usize = 0; c < bytes; c += 4) {
        const slope = fromOutput(kind, load<f32>(pixel + c));
        store<f32>(d + c, <f32>(slope * load<f32>(own + c)));
      }
    }
    memory.fill(own, 0, bytes);
    if (rest) memory.fill(d + bytes, 0, rest);
    d += bytes + rest;
  }
}

/**
 * The same, where the derivative is told by what the activation was given: rows of C floats at `z`.
 * @split n: z 4 * C, targets 4, d 4 * pitch
 * @cost 16 * C
 */
export function takeDeltaFrom(
  z: usize,
  targets: usize,
  n: i32,
  C: i32,
  gOffset: i32,
  kind: i32,
  parameter: f32,
  d: usize,
  pitch: i32,
): void {
  const bytes = (<usize>C) << 2;
  const rest = ((<usize>pitch) << 2) - bytes;
  for (let i = 0; i < n; i++, z += bytes) {
    const own = at(targets, i) + gOffset;
    for (let c: usize = 0; c < bytes; c += 4) {
      const slope = fromInput(kind, load<f32>(z + c), parameter);
      store<f32>(d + c, <f32>(slope * load<f32>(own + c)));
    }
    memory.fill(own, 0, bytes);
    if (rest) memory.fill(d + bytes, 0, rest);
    d += bytes + rest;
  }
}

/** The same through a softmax over a pixel's channels, or its logarithm. */
export function softmaxDelta(
  targets: usize,
  n: i32,
  C: i32,
  gOffset: i32,
  isLog: i32,
  d: usize,
  pitch: i32,
): void {
  const bytes = (<usize>C) << 2;
  const rest = ((<usize>pitch) << 2) - bytes;
  for (let i = 0; i < n; i++) {
    const pixel = at(targets, i);
    const own = pixel + gOffset;
    let sum: f64 = 0;
    for (let c: usize = 0; c < bytes; c += 4)
      sum += <f64>load<f32>(own + c) * (isLog ? 1 : <f64>load<f32>(pixel + c));
    for (let c: usize = 0; c < bytes; c += 4) {
      const a = <f64>load<f32>(pixel + c);
      const g = <f64>load<f32>(own + c);
      store<f32>(d + c, <f32>(isLog ? g - NativeMath.exp(a) * sum : a * (g - sum)));
    }
    memory.fill(own, 0, bytes);
    if (rest) memory.fill(d + bytes, 0, rest);
    d += bytes + rest;
  }
}
