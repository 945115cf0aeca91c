/**
 * A window op's geometry, by TensorFlow's rules: which inputs each output reads. A convolution, a depthwise convolution
 * and a pool of the same window are the same here. Arithmetic on sizes alone; regions are propagate.ts's.
 */
import {requireInteger} from './checks';

/** Two numbers: the vertical one, then the horizontal one. */
export type Pair = readonly [number, number];

/** A window as a caller describes it. */
export interface Window {
  /** Height and width of the input plane; a 1-D op's plane has height 1. */
  readonly input: Pair;
  /** Height and width of the kernel, before dilation. */
  readonly kernel: Pair;
  /** Steps between outputs, in input pixels; [1, 1] by default. */
  readonly strides?: Pair;
  /** Steps between the kernel's taps, in input pixels; [1, 1] by default. */
  readonly dilations?: Pair;
  /** TensorFlow's 'same' or 'valid', or [[top, bottom], [left, right]] in pixels; 'valid' by default. */
  readonly padding?: 'same' | 'valid' | readonly [Pair, Pair];
}

/** A window with nothing left open: output (oy, ox) reads inputs `o * stride - pad + k * dilation` for each tap k. */
export interface ResolvedWindow {
  readonly input: Pair;
  readonly output: Pair;
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  /** Padding pixels on each side. They are outside the input plane: no region holds them. */
  readonly pad: {
    readonly top: number;
    readonly bottom: number;
    readonly left: number;
    readonly right: number;
  };
}

interface Axis {
  readonly output: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Fills in a window's defaults and works out its output size and its padding in pixels.
 * @throws RangeError for a size, stride or dilation that is no positive integer, a padding that is neither a known word
 *   nor integers of 0 or more, or a kernel that is larger than the padded input
 */
export function resolveWindow(window: Window): ResolvedWindow {
  const {input, kernel, strides = [1, 1], dilations = [1, 1], padding = 'valid'} = window;
  requirePair('input', input, 1);
  requirePair('kernel', kernel, 1);
  requirePair('strides', strides, 1);
  requirePair('dilations', dilations, 1);
  requirePadding(padding);
  const [y, x] = ([0, 1] as const).map((axis) => {
    const given = typeof padding === 'string' ? padding : padding[axis];
    return resolveAxis(axis, input[axis], kernel[axis], strides[axis], dilations[axis], given);
  });
  return {
    input,
    output: [y.output, x.output],
    kernel,
    strides,
    dilations,
    pad: {top: y.before, bottom: y.after, left: x.before, right: x.after},
  };
}

function resolveAxis(
  axis: 0 | 1,
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: 'same' | 'valid' | Pair,
): Axis {
  const reach = (kernel - 1) * dilation + 1;
  if (padding === 'same') {
    const output = Math.ceil(size / stride);
    const total = Math.max((output - 1) * stride + reach - size, 0);
    const before = Math.floor(total / 2);
    return {output, before, after: total - before};
  }
  const [before, after] = padding === 'valid' ? [0, 0] : padding;
  const padded = before + size + after;
  if (reach > padded) {
    const side = axis === 0 ? 'height' : 'width';
    throw new RangeError(
      `Window: no output: a kernel of ${side} ${kernel} with dilation ${dilation} reaches over ${reach} pixels, but the ` +
        `padded input has ${padded}. Use padding 'same', more padding or a smaller kernel.`,
    );
  }
  return {output: Math.floor((padded - reach) / stride) + 1, before, after};
}

function requirePair(what: string, pair: Pair, least: number): void {
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new RangeError(
      `Window: ${what} must be two integers, vertical then horizontal, but is ${String(pair)}.`,
    );
  }
  pair.forEach((value, i) => requireInteger(`Window: ${what}[${i}]`, value, least));
}

function requirePadding(padding: unknown): void {
  if (padding === 'same' || padding === 'valid') return;
  if (!Array.isArray(padding) || padding.length !== 2) {
    throw new RangeError(
      `Window: padding must be 'same', 'valid' or [[top, bottom], [left, right]], but is ${JSON.stringify(padding)}.`,
    );
  }
  padding.forEach((pair: Pair, i) => requirePair(`padding[${i}]`, pair, 0));
}
