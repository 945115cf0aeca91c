/** The same memory under another shape: flatten, reshape, and what does nothing at inference. */
import {reinterpret} from '../../region';
import {noHalo, noMacs, TAKES_NOTHING, type OpDefinition} from '../definition';
import {known} from '../forms';
import {planeOfShape, samePlane, sizeOf, type Plane, type Shape} from '../plane';
import {fromTo, type Reads} from '../reads';

export interface ReshapeOp {
  readonly kind: 'reshape';
  readonly shape: Shape;
  /** How regions see the result; a flattened image keeps the image's plane. */
  readonly plane: Plane;
}

/** A reshape to `shape`, its pixels as the shape says. */
export function reshapeTo(shape: Shape, plane: Plane = planeOfShape(shape)): ReshapeOp {
  return {kind: 'reshape', shape, plane};
}

/** Of values of `size` each, seen in memory that has values of `other` each. */
const seenAs =
  (size: number, other: number): Reads =>
  (at) =>
    fromTo(Math.floor((at * size) / other), Math.floor(((at + 1) * size - 1) / other));

export const reshape: OpDefinition<ReshapeOp> = {
  outputs(op, inputs) {
    const [{shape}] = known(op.kind, inputs);
    const {height, width, channels} = op.plane;
    if (sizeOf(shape) !== sizeOf(op.shape) || sizeOf(shape) !== height * width * channels) {
      throw new Error(`reshape: [${shape.join(', ')}] does not fit into [${op.shape.join(', ')}].`);
    }
    return [{shape: op.shape, plane: op.plane}];
  },
  affected(op, [{plane}], _output, [changed]) {
    if (samePlane(plane, op.plane)) return changed;
    return reinterpret(changed, plane.channels, op.plane.height, op.plane.width, op.plane.channels);
  },
  macs: noMacs,
  reads(_op, {axis, input, output}) {
    const [from, to] = [input, output].map(({width, channels}) => width * channels);
    if (axis === 0) return seenAs(to, from);
    return from === to ? seenAs(output.channels, input.channels) : () => 'all';
  },
  halo: noHalo,
  effect: () => 'copy',
  takes: TAKES_NOTHING,
  gradient: () => 'pixels',
  handsOn: () => true,
  filter: null,
  countedBy: 'outputs',
  isComputed: false,
};
