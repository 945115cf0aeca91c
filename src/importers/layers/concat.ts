/** The layer that lays its inputs side by side. */
import {planeOfShape, type ConcatOp} from '../../graph';
import {emit, inputShapes, withPlane, type LayerImporter} from './use';

const AXES: Readonly<Record<number, readonly ConcatOp['axis'][]>> = {
  1: ['width'],
  2: ['width', 'channels'],
  3: ['height', 'width', 'channels'],
};

export const concatenate: LayerImporter = (use) => {
  const shapes = inputShapes(use);
  const rank = shapes[0].length;
  if (shapes.some((shape) => shape.length !== rank)) return null;
  const {axis: given} = use.layer as unknown as {axis: number};
  // The layer counts the batch axis, the graph does not. Any negative axis is the last one when tfjs computes.
  const at = given < 0 ? rank - 1 : given - 1;
  const axis = AXES[rank]?.[at];
  if (axis === undefined) return null;
  const inputs =
    rank > 1 ? use.inputs : use.inputs.map((id, i) => withPlane(use, id, planeOfShape([shapes[i][0], 1])));
  return emit(use, {kind: 'concat', axis}, {}, inputs);
};
