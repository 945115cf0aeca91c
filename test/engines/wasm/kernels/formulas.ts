/** The activation functions in double precision. */

const ERF = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429];

/** As tfjs has it. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const p = ERF.reduceRight((sum, a) => (sum + a) * t, 0);
  return Math.sign(x) * (1 - p * Math.exp(-x * x));
}

const softplus = (x: number) => (x > 30 ? x : Math.log1p(Math.exp(x)));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const clip = (x: number, low: number, high: number) => (x < low ? low : x > high ? high : x);

/** In the order of ActivationName; of softmax nothing, which is no function of one value. */
export const FUNCTIONS: Record<string, ((x: number, parameter: number) => number) | null> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => clip(x, 0, 6),
  elu: (x) => (x >= 0 ? x : Math.expm1(x)),
  selu: (x) => (x >= 0 ? 1.0507009873554805 * x : 1.7580993408473768 * Math.expm1(x)),
  sigmoid,
  hardSigmoid: (x) => clip(0.5 + 0.2 * x, 0, 1),
  softplus,
  softsign: (x) => x / (Math.abs(x) + 1),
  tanh: Math.tanh,
  softmax: null,
  logSoftmax: null,
  gelu: (x) => x * 0.5 * (1 + erf(x / Math.SQRT2)),
  gelu_new: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  mish: (x) => x * Math.tanh(softplus(x)),
  swish: (x) => x * sigmoid(x),
  leakyRelu: (x, slope) => (x < 0 ? slope * x : x),
  thresholdedRelu: (x, theta) => x * Number(x > theta),
  clippedRelu: (x, ceiling) => clip(Math.max(0, x), 0, ceiling),
  hardSwish: (x, factor) => x * (clip(x + 3, 0, 6) * factor),
};
