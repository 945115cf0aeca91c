/** Ops of one input whose output pixel needs only the same input pixel: activations, batch norm, PReLU, affine ones. */
import type {Region} from '../../region';
import {isElementwise, type Activation} from '../activation';
import {known, noMacs, type Rule} from '../rule';
import type {Op} from '../types';

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

/** Weight: `alpha`, of the input's shape or with 1 where an axis is shared. */
export interface PreluOp {
  readonly kind: 'prelu';
}

/**
 * x · scale + shift. Weights: `scale`, `shift` (either may be missing), each [channels], or with a value for each one of
 * the plane.
 */
export interface AffineOp {
  readonly kind: 'affine';
  readonly activation: Activation;
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
