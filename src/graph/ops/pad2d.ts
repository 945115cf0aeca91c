/** Padding with zeros, and cropping. */
import {translate} from '../../region';
import {noHalo, noMacs, TAKES_NOTHING, type OpDefinition} from '../definition';
import {expectRank, known} from '../forms';
import {oneTap} from '../reads';

/** Zeros around an image; a negative amount crops. */
export interface PadOp {
  readonly kind: 'pad2d';
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export const pad2d: OpDefinition<PadOp> = {
  outputs(op, inputs) {
    const [{shape}] = known(op.kind, inputs);
    expectRank(op.kind, shape, 3, 'height, width, channels');
    const height = shape[0] + op.top + op.bottom;
    const width = shape[1] + op.left + op.right;
    if (height < 1 || width < 1) {
      throw new Error(
        `pad2d: nothing is left of [${shape.join(', ')}] after cropping; got ${height} × ${width} pixels.`,
      );
    }
    return [{shape: [height, width, shape[2]]}];
  },
  affected: ({top, left}, _inputs, {plane}, [changed]) =>
    translate(changed, plane.height, plane.width, top, left),
  macs: noMacs,
  reads({top, left}, {axis}) {
    const before = axis === 0 ? top : left;
    return (at) => oneTap(at - before);
  },
  halo: noHalo,
  effect: () => 'copy',
  takes: TAKES_NOTHING,
  gradient: () => 'pixels',
  handsOn: () => true,
  filter: null,
  countedBy: 'outputs',
  isComputed: true,
};
