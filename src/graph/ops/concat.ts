/** Several inputs side by side. */
import {Region, translate} from '../../region';
import {noHalo, noMacs, TAKES_NOTHING, type OpDefinition} from '../definition';
import {known, listOf} from '../forms';
import type {Plane} from '../plane';
import {NO_TAPS, oneTap} from '../reads';

export interface ConcatOp {
  readonly kind: 'concat';
  /** Vectors are concatenated along `width`, as planes of n pixels with one channel. */
  readonly axis: 'height' | 'width' | 'channels';
}

/** Where each input of a concat begins in the output's plane, in pixels. */
export function concatOffsets(op: ConcatOp, inputs: readonly Plane[]): {y: number; x: number}[] {
  let at = 0;
  return inputs.map(({height, width}) => {
    const offset = {y: op.axis === 'height' ? at : 0, x: op.axis === 'width' ? at : 0};
    at += op.axis === 'height' ? height : width;
    return offset;
  });
}

export const concat: OpDefinition<ConcatOp> = {
  outputs(op, inputs) {
    const forms = known(op.kind, inputs);
    const planes = forms.map(({plane}) => plane);
    const total = (side: keyof Plane) => planes.reduce((sum, plane) => sum + plane[side], 0);
    const plane = {...planes[0], [op.axis]: total(op.axis)};
    const sides = (['height', 'width', 'channels'] as const).filter((side) => side !== op.axis);
    if (planes.some((other) => sides.some((side) => other[side] !== plane[side]))) {
      throw new Error(`concat: inputs must differ only along their ${op.axis}; got ${listOf(forms)}.`);
    }
    const {height, width, channels} = plane;
    const rank = forms[0].shape.length;
    if (rank > 3 || forms.some((form) => form.shape.length !== rank)) {
      throw new Error(
        `concat: inputs must be vectors, rows of pixels or images, all of them alike; got ${listOf(forms)}.`,
      );
    }
    if (rank === 1 && (op.axis !== 'width' || height !== 1)) {
      throw new Error(
        `concat: vectors are concatenated along their width, as one row of pixels; got ${listOf(forms)}.`,
      );
    }
    const shape =
      rank === 1 ? [width * channels] : rank === 2 ? [width, channels] : [height, width, channels];
    return [{shape, plane}];
  },
  affected(op, inputs, output, changed) {
    const {height, width} = output.plane;
    const region = Region.empty(height, width);
    const planes = inputs.map(({plane}) => plane);
    concatOffsets(op, planes).forEach(({y, x}, i) => {
      if (op.axis === 'channels') region.unite(changed[i]);
      else region.unite(translate(changed[i], height, width, y, x));
    });
    return region;
  },
  macs: noMacs,
  /** What lies before the first part is the first's, and what lies behind the last the last's. */
  reads(op, {axis, index, inputs}) {
    if (op.axis !== (axis === 0 ? 'height' : 'width')) return oneTap;
    const offsets = concatOffsets(op, inputs).map(({y, x}) => (axis === 0 ? y : x));
    const start = index === 0 ? -Infinity : offsets[index];
    const end = offsets[index + 1] ?? Infinity;
    return (at) => (at >= start && at < end ? oneTap(at - offsets[index]) : NO_TAPS);
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
