/** Ops of several inputs: element by element (`merge`), and side by side (`concat`). */
import {Region, translate} from '../../region';
import type {Activation} from '../activation';
import {known, noMacs, type KnownForm, type Rule} from '../rule';
import {samePlane, type Plane, type Shape} from '../types';

/** `equal` gives 1 where two values are the same number, and 0 elsewhere. */
export type MergeFunction =
  'add' | 'subtract' | 'multiply' | 'divide' | 'average' | 'maximum' | 'minimum' | 'equal';

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

/** The shape that inputs of these shapes merge to; null where they do not fit. */
export function mergedShape(shapes: readonly Shape[]): Shape | null {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const merged = Array.from({length: rank}, (_, axis) =>
    Math.max(...shapes.map((shape) => shape[axis] ?? 0)),
  );
  const fits = (shape: Shape) =>
    shape.length === rank &&
    (shape.every((side, axis) => side === merged[axis]) ||
      (rank === 3 && shape[0] === 1 && shape[1] === 1 && (shape[2] === merged[2] || shape[2] === 1)) ||
      (rank === 3 && shape[0] === merged[0] && shape[1] === merged[1] && shape[2] === 1));
  return shapes.every(fits) ? merged : null;
}

function listOf(forms: readonly KnownForm[]): string {
  return forms.map(({shape}) => `[${shape.join(', ')}]`).join(', ');
}

export const merge: Rule<MergeOp> = {
  outputs(op, inputs) {
    const forms = known(op.kind, inputs);
    const shape = mergedShape(forms.map((form) => form.shape));
    if (shape === null) {
      throw new Error(
        `merge: inputs must have one shape, or be one pixel or one channel that all share; got ${listOf(forms)}.`,
      );
    }
    const whole = forms.filter((form) => form.shape.every((side, axis) => side === shape[axis]));
    if (whole.some(({plane}) => !samePlane(plane, whole[0].plane))) {
      throw new Error(`merge: inputs of shape [${shape.join(', ')}] have different pixels; reshape first.`);
    }
    return [{shape, plane: whole[0]?.plane}];
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
};
