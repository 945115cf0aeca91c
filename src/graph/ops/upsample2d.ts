/** Enlarging by whole factors, without aligned corners, as tfjs-layers' `upSampling2d` does. */
import {receptiveField, resolveWindow, type ResolvedWindow} from '../../region';
import {noHalo, noMacs, TAKES_NOTHING, type OpDefinition} from '../definition';
import {expectRank, known} from '../forms';
import type {Plane} from '../plane';
import {transposedReads} from '../window';

export interface UpsampleOp {
  readonly kind: 'upsample2d';
  readonly factor: readonly [number, number];
  readonly interpolation: 'nearest' | 'bilinear';
}

/** The window that, taken backwards, says which outputs an input pixel reaches. */
export function upsampleWindow(op: UpsampleOp, output: Plane): ResolvedWindow {
  const [fh, fw] = op.factor;
  const reach = (factor: number) => (op.interpolation === 'nearest' ? factor : 2 * factor - 1);
  const before = (factor: number) => reach(factor) - factor;
  return resolveWindow({
    input: [output.height, output.width],
    kernel: [reach(fh), reach(fw)],
    strides: op.factor,
    padding: [
      [before(fh), 0],
      [before(fw), 0],
    ],
  });
}

export const upsample2d: OpDefinition<UpsampleOp> = {
  outputs({kind, factor}, inputs) {
    const [{shape}] = known(kind, inputs);
    expectRank(kind, shape, 3, 'height, width, channels');
    return [{shape: [shape[0] * factor[0], shape[1] * factor[1], shape[2]]}];
  },
  affected: (op, _inputs, {plane}, [changed]) => receptiveField(changed, upsampleWindow(op, plane)),
  macs: noMacs,
  reads: (op, {axis, output}) => transposedReads(upsampleWindow(op, output), axis),
  halo: noHalo,
  effect: () => 'interpolate',
  takes: TAKES_NOTHING,
  gradient: () => 'pixels',
  handsOn: ({interpolation}) => interpolation === 'nearest',
  filter: null,
  countedBy: 'outputs',
  isComputed: true,
};
