/** The PReLU layer, whose slopes are trained. */
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import type {Shape} from '../../graph';
import {preluOrder} from '../asked';
import {built, emit, inputShape, ownPixels, type LayerImporter} from './use';

export const prelu: LayerImporter = (use) => {
  const {alpha} = use.layer as unknown as {alpha?: LayerVariable};
  const repeats = preluOrder() === 'repeated';
  if (!repeats && !sharesWholeRows(inputShape(use), built(use, alpha).shape as number[])) return null;
  return emit(use, {kind: 'prelu', ...(repeats && {repeats})}, {alpha: built(use, alpha)}, [ownPixels(use)]);
};

/** Whether slopes are shared over all of the axes that the plan folds into its rows, or over none of them. */
function sharesWholeRows(shape: Shape, slopes: Shape): boolean {
  const folded = shape.slice(0, -2);
  const own = slopes.slice(0, -2);
  return own.every((side) => side === 1) || own.every((side, axis) => side === folded[axis]);
}
