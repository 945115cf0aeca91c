/** Ops of one input whose output pixel needs only the same input pixel: activations, batch norm, PReLU, affine ones. */
import type {Region} from '../../region';
import {isElementwise, type Activation} from '../activation';
import {known, noMacs, type Rule} from '../rule';
import {sizeOf, type Op, type Plane, type Shape} from '../types';

/** An activation that stands alone. Softmax is over the plane's channels. */
export interface ElementwiseOp {
  readonly kind: 'activation';
  readonly activation: Activation;
}

/** Weights: `gamma`, `beta` (either may be missing), `mean`, `variance`, all [channels]. */
export interface BatchNormOp {
  readonly kind: 'batchNorm';
  readonly epsilon: number;
}

/** Weight: `alpha`, of the input's shape or with 1 where an axis is shared; of axes that fold into the height, all or none. */
export interface PreluOp {
  readonly kind: 'prelu';
  /** Whether alpha, whatever its shape, is taken value by value, round and round over the whole input. */
  readonly repeats?: boolean;
}

/**
 * x · scale + shift. Weights: `scale`, `shift` (either may be missing), each [channels], or with a value for each one of
 * the plane.
 */
export interface AffineOp {
  readonly kind: 'affine';
  readonly activation: Activation;
}

/**
 * The number of the slope that each of the plane's values has in a PReLU; null where all pixels share one a channel.
 * @param shape alpha's
 */
export function slopesOf({repeats = false}: PreluOp, shape: Shape, plane: Plane): Int32Array | null {
  const {height, width, channels} = plane;
  const count = sizeOf(shape);
  if (count === channels && (repeats || shape[shape.length - 1] === channels)) return null;
  const size = height * width * channels;
  if (repeats || count === size) return Int32Array.from({length: size}, (_, i) => i % count);
  const [columns, depth] = [1, 1, ...shape].slice(-2);
  const rows = count / (columns * depth);
  return Int32Array.from({length: size}, (_, i) => {
    const pixel = Math.floor(i / channels);
    const y = rows === 1 ? 0 : Math.floor(pixel / width);
    const x = columns === 1 ? 0 : pixel % width;
    return (y * columns + x) * depth + (depth === 1 ? 0 : i % channels);
  });
}

const samePixel = (_op: Op, _inputs: unknown, _output: unknown, [changed]: readonly Region[]): Region =>
  changed;

export const activation: Rule<ElementwiseOp> = {
  outputs(op, inputs) {
    const [{shape, plane}] = known(op.kind, inputs);
    const channels = shape[shape.length - 1];
    if (!isElementwise(op.activation) && plane.channels !== channels) {
      throw new Error(
        `${op.activation.name}: its input's pixels have ${plane.channels} of ${channels} channels; reshape first.`,
      );
    }
    return [{shape, plane}];
  },
  affected: samePixel,
  macs: noMacs,
};

export const batchNorm: Rule<BatchNormOp> = {
  outputs: (op, inputs) => known(op.kind, inputs).slice(0, 1),
  affected: samePixel,
  macs: noMacs,
};

export const prelu: Rule<PreluOp> = {
  outputs: (op, inputs) => known(op.kind, inputs).slice(0, 1),
  affected: samePixel,
  macs: noMacs,
};

export const affine: Rule<AffineOp> = {
  outputs: (op, inputs) => known(op.kind, inputs).slice(0, 1),
  affected: samePixel,
  macs: noMacs,
};
