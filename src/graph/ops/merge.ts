/** Several inputs, element by element. */
import {Region} from '../../region';
import type {Activation} from '../activation';
import {noHalo, noMacs, TAKES_NOTHING, type OpDefinition} from '../definition';
import {known, listOf} from '../forms';
import {samePlane, type Plane, type Shape} from '../plane';
import {oneTap} from '../reads';

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

export const merge: OpDefinition<MergeOp> = {
  outputs({kind}, inputs) {
    const forms = known(kind, inputs);
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
  reads: (_op, {input, output}) => (isShared(input, output) ? () => oneTap(0) : oneTap),
  halo: noHalo,
  effect: () => 'join',
  takes: {...TAKES_NOTHING, activation: true},
  gradient: ({fn}) => (fn === 'divide' || fn === 'equal' ? 'none' : 'pixels'),
  handsOn: () => false,
  filter: null,
  countedBy: 'outputs',
  isComputed: true,
};
