/** Pools over windows, and pools over a whole plane. */
import {propagate, Region} from '../../region';
import {known, noMacs, type Rule} from '../rule';
import {windowOver, windowShape, type WindowConfig} from './conv';

export type PoolMode = 'max' | 'average';

export interface PoolOp {
  readonly kind: 'pool2d';
  readonly mode: PoolMode;
  readonly window: WindowConfig;
}

/** [height, width, channels] or [steps, channels] to [channels]. */
export interface GlobalPoolOp {
  readonly kind: 'globalPool';
  readonly mode: PoolMode;
  /** Whether the model pools over a window as large as the plane: that may treat NaN otherwise than a reduction. */
  readonly isWindow?: boolean;
}

export const pool2d: Rule<PoolOp> = {
  outputs(op, inputs) {
    const [input] = known(op.kind, inputs);
    return [{shape: windowShape(op.kind, input, op.window, input.plane.channels)}];
  },
  affected: (op, [input], _output, [changed]) => propagate(changed, windowOver(input.plane, op.window)),
  macs: noMacs,
};

export const globalPool: Rule<GlobalPoolOp> = {
  outputs(op, inputs) {
    const [input] = known(op.kind, inputs);
    return [{shape: [input.plane.channels]}];
  },
  affected: (_op, _inputs, _output, [changed]) => (changed.isEmpty ? Region.empty(1, 1) : Region.full(1, 1)),
  macs: noMacs,
};
