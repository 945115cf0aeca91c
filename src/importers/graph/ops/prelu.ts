/** PReLUs, whose slopes are a constant. */
import {sizeOf, type Weight} from '../../../graph';
import {preluOrder, type SlopeOrder} from '../../asked';
import {graphWeight, type Constant} from '../constants';
import {spread, spreadOver} from '../spread';
import {constantAt, emit, viewAt, viewLike, type NodeImporter} from '../use';
import {planShape, valueOf, type View} from '../view';

export const prelu: NodeImporter = (use) => {
  const view = viewAt(use);
  const slopes = constantAt(use, 1);
  const value = view && valueOf(use.graph, view);
  if (value === null) return null;
  const alpha = slopes && slopesFor(view!, slopes, preluOrder);
  return alpha && [viewLike(use, emit(use, {kind: 'prelu'}, [value], {alpha}), view!)];
};

/** A PReLU's constant beside a view, as the backend has it; null where its way is not known. */
export function slopesFor(view: View, slopes: Constant, orderOf: () => SlopeOrder): Weight | null {
  // What tfjs itself rejects is no business of the plan's.
  const spreadOut = spread(view, slopes);
  if (!spreadOut || isOfAnyOrder(view, slopes)) return spreadOut;
  const order = orderOf();
  if (order !== 'repeated') return order && spreadOut;
  return graphWeight(slopes, planShape(view).slice(1), (values) => {
    const all = Float32Array.from({length: sizeOf(view.shape)}, (_, i) => values[i % values.length]);
    return spreadOver(view, view.shape, all);
  });
}

/** Whether slopes are the same, spread or repeated: one for all, one a channel, or one for each value. */
function isOfAnyOrder(view: View, {shape}: Constant): boolean {
  const size = sizeOf(shape);
  return size === 1 || size === sizeOf(view.shape) || size === shape[shape.length - 1];
}
