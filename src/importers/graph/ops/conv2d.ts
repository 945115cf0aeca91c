/** Convolutions: of all channels, and of each channel by itself. */
import {LINEAR, type Activation, type Op} from '../../../graph';
import {fusedPreluOrder} from '../../asked';
import {graphWeight} from '../constants';
import {sizesOfDealt} from '../dilations';
import {constantAt, emit, emitPart, isChannelsLast, isImage, viewAt, viewLike} from '../use';
import type {NodeImporter, NodeUse} from '../use';
import {planShape, valueOf, type View} from '../view';
import {biasOf, emitFused, fusedOf} from './fused';
import {slopesFor} from './prelu';
import {windowOf} from './window';

export const conv: NodeImporter = (use) => convolve(use, 'conv2d');
export const depthwise: NodeImporter = (use) => convolve(use, 'depthwiseConv2d');

function convolve(use: NodeUse, kind: 'conv2d' | 'depthwiseConv2d'): View[] | null {
  const view = viewAt(use);
  const filter = constantAt(use, 1);
  if (!isImage(use, view) || filter?.shape.length !== 4) return null;
  if (kind === 'depthwiseConv2d' && !isChannelsLast(use)) return null;
  const [, , inputs, last] = filter.shape;
  const window = windowOf(use, filter.shape);
  const fused = fusedOf(use, kind === 'conv2d' ? last : inputs * last);
  // A filter for fewer channels than there are is one of a grouped convolution.
  if (!window || !fused || inputs !== planShape(view)[3] || !isDealtEvenly(use, view)) return null;
  const value = valueOf(use.graph, view)!;
  const common = {window, batchNormEpsilon: null} as const;
  const op = (activation: Activation): Op =>
    kind === 'conv2d'
      ? {kind, filters: last, activation, ...common}
      : {kind, depthMultiplier: last, activation, ...common};
  const weights = {filter: graphWeight(filter)};
  if (fused.slopes === null) return [viewLike(use, emitFused(use, fused, [value], weights, op), view)];
  const linear = emitPart(use, 'linear', op(LINEAR), [value], {...weights, bias: biasOf(fused)});
  const sums = viewLike(use, linear, view);
  const alpha = slopesFor(sums, fused.slopes, fusedPreluOrder);
  return alpha && [viewLike(use, emit(use, {kind: 'prelu'}, [linear], {alpha}), sums)];
}

/** Whether the space can be dealt out to the batch, where the graph writes a dilation so. */
function isDealtEvenly({attributes}: NodeUse, view: View): boolean {
  const sizes = sizesOfDealt(attributes, planShape(view).slice(1, 3));
  return sizes.every(Number.isInteger);
}
