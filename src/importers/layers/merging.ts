/** Layers of several inputs: element by element, and side by side. */
import {
  LINEAR,
  mergedShape,
  planeOfShape,
  samePlane,
  type ConcatOp,
  type MergeFunction,
  type Shape,
} from '../../graph';
import {emit, ownPixels, withPlane, type LayerImporter, type LayerImporters, type LayerUse} from '../use';

function inputShapes({graph, inputs}: LayerUse): Shape[] {
  return inputs.map((id) => graph.value(id).shape ?? []);
}

const merge =
  (fn: MergeFunction): LayerImporter =>
  (use) => {
    // Other broadcasts, and inputs of different ranks, are left to tfjs.
    if (mergedShape(inputShapes(use)) === null) return null;
    const planes = use.inputs.map((id) => use.graph.value(id).plane);
    const [first] = planes;
    // Flattened images of one size may have had other sides; then only their common shape tells their pixels.
    const aligned = planes.every((plane) => plane && first && samePlane(plane, first));
    const vectors = inputShapes(use)[0].length === 1;
    const inputs = vectors && !aligned ? use.inputs.map((id) => ownPixels(use, id)) : use.inputs;
    return emit(use, {kind: 'merge', fn, activation: LINEAR}, {}, inputs);
  };

const AXES: Readonly<Record<number, readonly ConcatOp['axis'][]>> = {
  1: ['width'],
  2: ['width', 'channels'],
  3: ['height', 'width', 'channels'],
};

const concatenate: LayerImporter = (use) => {
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

export const mergings: LayerImporters = {
  Add: merge('add'),
  Multiply: merge('multiply'),
  Average: merge('average'),
  Maximum: merge('maximum'),
  Minimum: merge('minimum'),
  Concatenate: concatenate,
};
