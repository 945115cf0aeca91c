/** Layers of several inputs, element by element. */
import {LINEAR, mergedShape, samePlane, type MergeFunction} from '../../graph';
import {emit, inputShapes, ownPixels, type LayerImporter} from './use';

export const merge =
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
