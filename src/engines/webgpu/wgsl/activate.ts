/** Activation functions of a vector, by the numbers of graph/activation.ts; softmax needs whole pixels and is commit.ts's. */
import {ACTIVATION_NAMES, type Activation} from '../../../graph';

/** 1 for softmax, 2 for its logarithm, 0 for all others. */
export function softmaxCode({name}: Activation): number {
  return name === 'softmax' ? 1 : name === 'logSoftmax' ? 2 : 0;
}

const code = (name: Activation['name']) => `${ACTIVATION_NAMES.indexOf(name)}u`;

/** Which lanes are no numbers, told by their bits: shaders may compare and compute as if all were. */
export const IS_NAN = `
fn isNan(x: vec4<f32>) -> vec4<bool> {
  return (bitcast<vec4<u32>>(x) & vec4<u32>(0x7fffffffu)) > vec4<u32>(0x7f800000u);
}
`;

/** Near 0 a difference of exponentials would cancel: there, series. */
export const ACTIVATE = `${IS_NAN}
fn expm1Negative(x: vec4<f32>) -> vec4<f32> {
  let series = x * (1.0 + x * (0.5 + x * (0.16666667 + x * (0.041666668 + x * (0.0083333338 + x * 0.0013888889)))));
  return select(exp(x) - 1.0, series, abs(x) < vec4(0.25));
}
fn tanhOf(x: vec4<f32>) -> vec4<f32> {
  let t = expm1Negative(-2.0 * abs(x));
  let y = -t / (t + 2.0);
  return select(y, -y, x < vec4(0.0));
}
fn sigmoid(x: vec4<f32>) -> vec4<f32> {
  return 1.0 / (1.0 + exp(-x));
}
fn raised(x: vec4<f32>, low: f32) -> vec4<f32> {
  return select(x, vec4(low), x < vec4(low));
}
fn clipped(x: vec4<f32>, high: f32) -> vec4<f32> {
  let y = raised(x, 0.0);
  return select(y, vec4(high), y > vec4(high));
}
fn softplus(x: vec4<f32>) -> vec4<f32> {
  let e = exp(-abs(x));
  let series = e * (1.0 - e * (0.5 - e * (0.33333334 - e * 0.25)));
  return raised(x, 0.0) + select(log(1.0 + e), series, e < vec4(0.01));
}
fn erf(x: vec4<f32>) -> vec4<f32> {
  let v = abs(x);
  let t = 1.0 / (1.0 + 0.3275911 * v);
  let q = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  let y = 1.0 - q * exp(-v * v);
  return select(y, -y, x < vec4(0.0));
}
fn activated(x: vec4<f32>) -> vec4<f32> {
  switch p.activation {
    case ${code('relu')}: { return raised(x, 0.0); }
    case ${code('relu6')}: { return clipped(x, 6.0); }
    case ${code('clippedRelu')}: { return clipped(x, p.parameter); }
    case ${code('leakyRelu')}: { return select(x, p.parameter * x, x < vec4(0.0)); }
    case ${code('thresholdedRelu')}: { return x * select(vec4(0.0), vec4(1.0), x > vec4(p.parameter)); }
    case ${code('elu')}: { return select(x, expm1Negative(x), x < vec4(0.0)); }
    case ${code('selu')}: {
      return select(1.05070098 * x, 1.75809934 * expm1Negative(x), x < vec4(0.0));
    }
    case ${code('sigmoid')}: { return sigmoid(x); }
    case ${code('swish')}: { return sigmoid(x) * x; }
    case ${code('hardSigmoid')}: { return clipped(0.5 + 0.2 * x, 1.0); }
    case ${code('hardSwish')}: { return (x * p.parameter) * clipped(x + 3.0, 6.0); }
    case ${code('softsign')}: { return x / (abs(x) + 1.0); }
    case ${code('tanh')}: { return tanhOf(x); }
    case ${code('softplus')}: { return softplus(x); }
    case ${code('mish')}: { return x * tanhOf(softplus(x)); }
    case ${code('gelu')}: { return x * 0.5 * (1.0 + erf(x * 0.70710678)); }
    case ${code('gelu_new')}: {
      return 0.5 * x * (1.0 + tanhOf(0.79788456 * (x + 0.044715 * x * x * x)));
    }
    default: { return x; }
  }
}
fn activate(x: vec4<f32>) -> vec4<f32> {
  return select(activated(x), x, isNan(x));
}
`;
