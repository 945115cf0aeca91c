/**
 * How far a float32 result of one node may be from the float64 reference, given the same inputs: a bound from the
 * textbook, not one that was measured.
 *
 * With u = 2⁻²⁴, a sum of n products that is computed in float32, in any order, with or without fused multiply-adds, is
 * off by at most (n + 1) · u · Σ|aᵢ · bᵢ|, to first order; a bias and weights that had a batch norm folded in round a few times more. So
 *
 *     e = (n + 4) · u · M,   M = the same sum over absolute values.
 *
 * An activation carries that on, times its greatest slope, and adds 10⁻⁶ of its own value (of its argument, where it is a
 * difference of such numbers). What only moves or chooses values is exact. M is what the reference itself computes from
 * absolute inputs and weights. A tap that is dropped or read twice is off by some |aᵢ · bᵢ| ≈ M / n: with n ≤ 2,000 that is 4,000
 * times the bound or more, on average; and a bound that holds node by node, each judged by the inputs it really had,
 * leaves no room for errors to hide in later ones.
 */
import {LINEAR, windowOver, type Activation, type LayerNormalizationOp, type Op} from '../../src/graph';
import {compute, momentsOf, type Picture, type Setting} from './float64';
import {resize} from './graph-ops';

// Looking up globals is slow in jest's sandbox.
const {abs, max} = Math;
const INFINITE = Infinity;

const UNIT = 2 ** -24;
const OF_FUNCTION = 1e-6;
/** What is lost where float32 underflows. */
const TINY = 1e-36;
/** Sums beyond this may overflow in float32 on the way: then nothing is promised. */
const HUGE = 1e37;

/** The greatest slope of each function that has one above 1. */
const SLOPES: Partial<Record<Activation['name'], number>> = {
  selu: 1.7581,
  gelu: 1.13,
  gelu_new: 1.13,
  mish: 1.1,
  swish: 1.1,
  hardSwish: 1.5,
};
/** Functions that do not round. */
const EXACT = new Set<Activation['name']>(['linear', 'relu', 'relu6', 'clippedRelu', 'thresholdedRelu']);
/** Where a small result is the difference of greater numbers. */
const COARSE = new Set<Activation['name']>(['gelu', 'gelu_new', 'hardSigmoid', 'hardSwish']);

/** How many products or terms each of a node's values adds up; 0 where it is exact before its activation. */
function terms(op: Op, [{plane, data}]: Picture[], count: number): number {
  switch (op.kind) {
    case 'conv2d':
      return op.window.kernel[0] * op.window.kernel[1] * plane.channels;
    case 'depthwiseConv2d':
      return op.window.kernel[0] * op.window.kernel[1];
    case 'pool2d':
      return op.mode === 'max' ? 0 : windowOver(plane, op.window).kernel.reduce((a, b) => a * b);
    case 'dense':
      return data.length;
    case 'globalPool':
      return op.mode === 'max' ? 0 : plane.height * plane.width;
    case 'conv2dTranspose':
      return op.kernel[0] * op.kernel[1] * plane.channels;
    case 'batchNorm':
    case 'affine':
      return 1;
    case 'prelu':
      return 1;
    case 'resize2d':
      return 4;
    case 'upsample2d':
      return op.interpolation === 'nearest' ? 0 : 4;
    case 'merge':
      return op.fn === 'maximum' || op.fn === 'minimum' ? 0 : count;
    default:
      return 0;
  }
}

/** The same op, adding up absolute values: no activation, and nothing subtracted. */
function absolute(op: Op): Op {
  if (op.kind === 'merge') return {...op, fn: op.fn === 'subtract' ? 'add' : op.fn, activation: LINEAR};
  return 'activation' in op ? {...op, activation: LINEAR} : op;
}

function magnitudes(op: Op, inputs: Picture[], setting: Setting): Float64Array {
  const weights = Object.fromEntries(
    Object.entries(setting.weights).map(([name, values]) => {
      const size = values.map(abs);
      // A mean is subtracted.
      return [name, name === 'mean' ? size.map((value) => -value) : size];
    }),
  );
  const sizes = inputs.map(({plane, data}) => ({plane, data: data.map(abs)}));
  if (op.kind === 'prelu') {
    const steepest = max(1, ...weights['alpha']);
    return sizes[0].data.map((value) => value * steepest);
  }
  // Of two neighbours, the one that has no share may be the larger.
  if (op.kind === 'resize2d') return resize(op, sizes[0], setting.output, (a, b) => a + b);
  return compute(absolute(op), sizes, {...setting, weights});
}

const activationOf = (op: Op): Activation => ('activation' in op ? op.activation : LINEAR);

/**
 * The largest distance from the reference that each value of a node's output may have.
 * @param exact what the reference computes from the same inputs
 */
export function roundingOf(op: Op, inputs: Picture[], setting: Setting, exact: Float64Array): Float64Array {
  if (op.kind === 'layerNormalization') return normalizedRounding(op, inputs[0], setting, exact);
  const activation = activationOf(op);
  const n = terms(op, inputs, inputs.length);
  if (n === 0 && activation.name === 'linear') return new Float64Array(exact.length);
  const sizes = magnitudes(op, inputs, setting);
  const before = sizes.map((size) => (size > HUGE ? INFINITE : n > 0 ? (n + 4) * UNIT * size : 0));
  const {channels} = setting.output;
  if (activation.name === 'softmax' || activation.name === 'logSoftmax')
    return softmaxRounding(activation.name, exact, sizes, before, channels);
  const slope = max(1, SLOPES[activation.name] ?? 1, abs(activation.parameter ?? 0));
  const own = EXACT.has(activation.name) ? 0 : OF_FUNCTION;
  const isCoarse = COARSE.has(activation.name);
  const jumps = activation.name === 'thresholdedRelu';
  return exact.map((value, i) => {
    const size = isCoarse ? max(sizes[i], 0.5) : abs(value);
    const step = jumps ? jump(activation.parameter!, value, sizes[i], before[i]) : 0;
    return slope * before[i] + own * size + TINY + step;
  });
}

/** Near the step of a thresholded ReLU either side may be taken. */
function jump(theta: number, value: number, size: number, error: number): number {
  if (error === 0) return 0;
  const mayJump = value === 0 ? size >= theta - error : value <= theta + error;
  return mayJump ? theta + error : 0;
}

/** Each exponential is off by its argument's error, and so is their sum. */
function softmaxRounding(
  name: 'softmax' | 'logSoftmax',
  exact: Float64Array,
  sizes: Float64Array,
  before: Float64Array,
  channels: number,
): Float64Array {
  return exact.map((value, i) => {
    const start = i - (i % channels);
    const end = start + channels;
    const largest = sizes.subarray(start, end).reduce((a, b) => max(a, b));
    const error = before.subarray(start, end).reduce((a, b) => max(a, b)) + 2 * UNIT * largest;
    const share = 3 * error + channels * UNIT + 3 * OF_FUNCTION;
    if (value === 0) return TINY;
    return name === 'softmax' ? value * share + TINY : share + 2 * UNIT * abs(value);
  });
}

/**
 * A pixel's mean is off as a sum is; the variance as a sum of squares is, and by what the mean's error makes of the distances
 * from it. Both carry on to the quotient, the second by its root.
 */
function normalizedRounding(
  {epsilon}: LayerNormalizationOp,
  {data}: Picture,
  {output: {channels}, weights}: Setting,
  exact: Float64Array,
): Float64Array {
  const {gamma} = weights as Partial<typeof weights>;
  const few = (channels + 4) * UNIT;
  const bounds = new Float64Array(data.length);
  for (let first = 0; first < data.length; first += channels) {
    const {mean, variance} = momentsOf(data, first, channels);
    const meanOf = (of: (x: number) => number) =>
      data.subarray(first, first + channels).reduce((sum, x) => sum + of(x), 0) / channels;
    const ofMean = few * meanOf(abs);
    const ofVariance = 2 * ofMean * meanOf((x) => abs(x - mean)) + ofMean ** 2 + few * variance;
    const least = max(variance - ofVariance, 0) + epsilon * (1 - UNIT);
    const inverse = 1 / Math.sqrt(least);
    const ofInverse = Math.sqrt((variance + epsilon) / least) - 1 + 6 * UNIT;
    for (let i = first; i < first + channels; i++) {
      const distance = abs(data[i] - mean) * inverse * ofInverse + ofMean * inverse;
      bounds[i] = abs(gamma?.[i - first] ?? 1) * distance + 2 * UNIT * abs(exact[i]) + TINY;
      if (!(variance * channels <= HUGE)) bounds[i] = INFINITE;
    }
  }
  return bounds;
}
