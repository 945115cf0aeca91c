/** Activation functions, formula for formula as tfjs has them, value by value in double precision. */
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
} from '../kinds';

/** The error function as tfjs approximates it (Abramowitz and Stegun, 7.1.26). */
function erf(x: f64): f64 {
  const v = abs(x);
  const t = 1 / (1 + 0.3275911 * v);
  const p = (((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592;
  return copysign(1 - p * t * NativeMath.exp(-v * v), x);
}

function clip(x: f64, low: f64, high: f64): f64 {
  const raised = x < low ? low : x;
  return high < raised ? high : raised;
}

function sigmoid(x: f64): f64 {
  return 1 / (1 + NativeMath.exp(-x));
}

/** ln(1 + e^x), by what does not overflow. */
function softplus(x: f64): f64 {
  return (x < 0 ? 0 : x) + NativeMath.log1p(NativeMath.exp(-abs(x)));
}

function geluTanh(x: f64): f64 {
  const inner = 0.7978845608028654 * (x + 0.044715 * x * x * x);
  return 0.5 * x * (1 + NativeMath.tanh(inner));
}

function apply(kind: i32, x: f64, parameter: f64): f64 {
  switch (kind) {
    case RELU:
      return x < 0 ? 0 : x;
    case RELU6:
      return clip(x, 0, 6);
    case CLIPPED_RELU:
      return clip(x, 0, parameter);
    case LEAKY_RELU:
      return x < 0 ? parameter * x : x;
    case THRESHOLDED_RELU:
      return x * (x > parameter ? 1 : 0);
    case ELU:
      return x >= 0 ? x : NativeMath.expm1(x);
    case SELU:
      return x >= 0 ? 1.0507009873554804934 * x : 1.7580993408473768599 * NativeMath.expm1(x);
    case SIGMOID:
      return sigmoid(x);
    case SWISH:
      return sigmoid(x) * x;
    case HARD_SIGMOID:
      return clip(0.5 + 0.2 * x, 0, 1);
    case HARD_SWISH:
      return x * parameter * clip(x + 3, 0, 6);
    case SOFTSIGN:
      return x / (abs(x) + 1);
    case TANH:
      return NativeMath.tanh(x);
    case SOFTPLUS:
      return softplus(x);
    case MISH:
      return x * NativeMath.tanh(softplus(x));
    case GELU:
      return x * 0.5 * (1 + erf(x * 0.7071067811865476));
    case GELU_NEW:
      return geluTanh(x);
    default:
      return x;
  }
}

export function activateInPlace(at: usize, count: i32, kind: i32, parameter: f32): void {
  for (const end = at + ((<usize>count) << 2); at < end; at += 4) {
    store<f32>(at, <f32>apply(kind, load<f32>(at), parameter));
  }
}

export function activate(from: usize, n: i32, C: i32, kind: i32, parameter: f32, to: usize): void {
  if (kind == SOFTMAX || kind == LOG_SOFTMAX) return softmax(from, n, C, i32(kind == LOG_SOFTMAX), to);
  const bytes = (<usize>C) << 2;
  for (let i = 0; i < n; i++) memory.copy(to + <usize>i * bytes, load<u32>(from + ((<usize>i) << 2)), bytes);
  activateInPlace(to, n * C, kind, parameter);
}

export function softmax(from: usize, n: i32, C: i32, log: i32, to: usize): void {
  const bytes = (<usize>C) << 2;
  for (let i = 0; i < n; i++, to += bytes) {
    const pixel: usize = load<u32>(from + ((<usize>i) << 2));
    let peak: f32 = -Infinity;
    for (let c: usize = 0; c < bytes; c += 4) peak = max(peak, load<f32>(pixel + c));
    let sum: f64 = 0;
    for (let c: usize = 0; c < bytes; c += 4) sum += NativeMath.exp(load<f32>(pixel + c) - peak);
    const logSum = log ? NativeMath.log(sum) : 0;
    for (let c: usize = 0; c < bytes; c += 4) {
      const x: f64 = load<f32>(pixel + c) - peak;
      store<f32>(to + c, <f32>(log ? x - logSum : NativeMath.exp(x) / sum));
    }
  }
}
