/** Ops that only move values: padding and cropping, upsampling, and another view of the same memory. */
import {receptiveField, reinterpret, resolveWindow, translate, type ResolvedWindow} from '../../region';
import {expectRank, known, noMacs, type Rule} from '../rule';
import {planeOfShape, samePlane, sizeOf, type Plane, type Shape} from '../types';

/** Zeros around an image; a negative amount crops. */
export interface PadOp {
  readonly kind: 'pad2d';
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Enlarges by whole factors, without aligned corners, as tfjs-layers' `upSampling2d` does. */
export interface UpsampleOp {
  readonly kind: 'upsample2d';
  readonly factor: readonly [number, number];
  readonly interpolation: 'nearest' | 'bilinear';
}

/** The same memory under another shape: flatten, reshape, and what does nothing at inference. */
export interface ReshapeOp {
  readonly kind: 'reshape';
  readonly shape: Shape;
  /** How regions see the result; a flattened image keeps the image's plane. */
  readonly plane: Plane;
}

export const pad2d: Rule<PadOp> = {
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
  affected: (op, _inputs, {plane}, [changed]) =>
    translate(changed, plane.height, plane.width, op.top, op.left),
  macs: noMacs,
};

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

export const upsample2d: Rule<UpsampleOp> = {
  outputs(op, inputs) {
    const [{shape}] = known(op.kind, inputs);
    expectRank(op.kind, shape, 3, 'height, width, channels');
    return [{shape: [shape[0] * op.factor[0], shape[1] * op.factor[1], shape[2]]}];
  },
  affected: (op, _inputs, {plane}, [changed]) => receptiveField(changed, upsampleWindow(op, plane)),
  macs: noMacs,
};

export const reshape: Rule<ReshapeOp> = {
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
};

/** A reshape to `shape`, its pixels as the shape says. */
export function reshapeTo(shape: Shape, plane: Plane = planeOfShape(shape)): ReshapeOp {
  return {kind: 'reshape', shape, plane};
}
