/** Ops of several inputs: element by element (`merge`), and side by side (`concat`). */
import {Region, translate} from '../../region';
import type {Activation} from '../activation';
import {known, noMacs, type KnownForm, type Rule} from '../rule';
import type {Plane, Shape} from '../types';

export type MergeFunction = 'add' | 'subtract' | 'multiply' | 'average' | 'maximum' | 'minimum';

/**
 * Folds its inputs from the left. All have the same rank and plane, but that an input may be one pixel (1×1×C) or one
 * channel (H×W×1) that all share.
 */
export interface MergeOp {
  readonly kind: 'merge';
  readonly fn: MergeFunction;
  readonly activation: Activation;
}

export interface ConcatOp {
  readonly kind: 'concat';
  /** Vectors are concatenated along `width`, as planes of n pixels with one channel. */
  readonly axis: 'height' | 'width' | 'channels';
}

/** Whether an input of a merge is one pixel that every pixel of the output uses. */
export function isShared(input: Plane, output: Plane): boolean {
  return input.height === 1 && input.width === 1 && output.height * output.width > 1;
}

function mergedShape(inputs: readonly KnownForm[]): Shape {
  const rank = Math.max(...inputs.map(({shape}) => shape.length));
  const shapes = inputs.map(({shape}) => shape);
  const merged = Array.from({length: rank}, (_, axis) => Math.max(...shapes.map((shape) => shape[axis] ?? 0)));
  const fits = (shape: Shape) =>
    shape.length === rank &&
    (shape.every((side, axis) => side === merged[axis]) ||
      (rank === 3 && shape[0] === 1 && shape[1] === 1 && (shape[2] === merged[2] || shape[2] === 1)) ||
      (rank === 3 && shape[0] === merged[0] && shape[1] === merged[1] && shape[2] === 1));
  if (!shapes.every(fits)) {
    const list = shapes.map((shape) => `[${shape.join(', ')}]`).join(', ');
    throw new Error(`merge: inputs must have one shape, or be one pixel or one channel that all share; got ${list}.`);
  }
  return merged;
}

export const merge: Rule<MergeOp> = {
  outputs(op, inputs) {
    const forms = known(op.kind, inputs);
    const shape = mergedShape(forms);
    const whole = forms.find((form) => form.shape.every((side, axis) => side === shape[axis]));
    return [{shape, plane: whole?.plane}];
  },
  affected(_op, inputs, output, changed) {
    const region = Region.empty(output.plane.height, output.plane.width);
    inputs.forEach(({plane}, i) => {
      if (!isShared(plane, output.plane)) region.unite(changed[i]);
      else if (!changed[i].isEmpty) region.fill();
    });
    return region;
  },
  macs: noMacs,
};

/** Where each input of a concat begins in the output's plane, in pixels. */
export function concatOffsets(op: ConcatOp, inputs: readonly Plane[]): {y: number; x: number}[] {
  let at = 0;
  return inputs.map(({height, width}) => {
    const offset = {y: op.axis === 'height' ? at : 0, x: op.axis === 'width' ? at : 0};
    at += op.axis === 'height' ? height : width;
    return offset;
  });
}

export const concat: Rule<ConcatOp> = {
  outputs(op, inputs) {
    const forms = known(op.kind, inputs);
    const planes = forms.map(({plane}) => plane);
    const total = (side: keyof Plane) => planes.reduce((sum, plane) => sum + plane[side], 0);
    const plane = {...planes[0], [op.axis]: total(op.axis)};
    const sides = (['height', 'width', 'channels'] as const).filter((side) => side !== op.axis);
    if (planes.some((other) => sides.some((side) => other[side] !== plane[side]))) {
      const list = forms.map(({shape}) => `[${shape.join(', ')}]`).join(', ');
      throw new Error(`concat: inputs must differ only along their ${op.axis}; got ${list}.`);
    }
    const {height, width, channels} = plane;
    const rank = forms[0].shape.length;
    const shape = rank === 1 ? [width] : rank === 2 ? [width, channels] : [height, width, channels];
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
};
