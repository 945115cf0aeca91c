/** Transposed convolutions. */
import {LINEAR, windowOver} from '../../../graph';
import {graphWeight} from '../constants';
import {
  constantAt,
  emitActivated,
  integersAt,
  isChannelsLast,
  isImage,
  spatial,
  viewAt,
  viewLike,
} from '../use';
import type {NodeImporter} from '../use';
import {planShape, valueOf} from '../view';
import {paddingOf} from './window';

/** Conv2DBackpropInput: sizes of the output, filter [kh, kw, out, in], input. */
export const transposedConv: NodeImporter = (use) => {
  const sizes = integersAt(use, 0);
  const filter = constantAt(use, 1);
  const view = viewAt(use, 2);
  if (sizes?.length !== 4 || filter?.shape.length !== 4 || !isImage(use, view) || !isChannelsLast(use))
    return null;
  const [kh, kw, filters, inputs] = filter.shape;
  const [, height, width, channels] = planShape(view);
  const strides = spatial(use.attributes.integers('strides'));
  const dilations = spatial(use.attributes.integers('dilations', [1, 1, 1, 1]));
  const padding = paddingOf(use);
  const isKnown = padding === 'same' || padding === 'valid';
  if (!isKnown || dilations.some((side) => side > 1) || inputs !== channels) return null;
  if (sizes[0] !== 1 || sizes[3] !== filters) return null;
  const size = spatial(sizes);
  // The convolution that it is the transpose of must give what it reads; else tfjs's backends differ.
  const plane = {height: size[0], width: size[1], channels: filters};
  const {pad, output: read} = windowOver(plane, {kernel: [kh, kw], strides, dilations, padding});
  if (read[0] !== height || read[1] !== width) return null;
  const output = emitActivated(
    use,
    (activation) => ({
      kind: 'conv2dTranspose',
      filters,
      kernel: [kh, kw],
      strides,
      pad: {top: pad.top, left: pad.left},
      size,
      activation,
    }),
    LINEAR,
    [valueOf(use.graph, view)!],
    {filter: graphWeight(filter)},
  );
  return [viewLike(use, output, view)];
};
