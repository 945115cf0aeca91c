/** Layers that compute nothing: another shape, or, at inference, what they are given. */
import {reshapeTo} from '../../graph';
import {emit, inputPlane, inputShape, type LayerImporter, type Spatial} from './use';

export const flatten: LayerImporter = (use) => {
  if ((use.layer as unknown as Partial<Spatial>).dataFormat === 'channelsFirst') return null;
  const {height, width, channels} = inputPlane(use);
  return emit(use, reshapeTo([height * width * channels], inputPlane(use)));
};

export const reshape: LayerImporter = (use) => {
  // The layer's own arithmetic fills in a side that its config left open.
  const [, ...shape] = use.layer.computeOutputShape([1, ...inputShape(use)]) as number[];
  // A vector keeps the pixels of what it was made from, as a flattened image does.
  return emit(use, shape.length === 1 ? reshapeTo(shape, inputPlane(use)) : reshapeTo(shape));
};

/** Dropout, noise: at inference these layers hand on what they are given. */
export const same: LayerImporter = (use) => use.inputs[0];
