/** Pools over windows. */
import {reshapeTo, type PoolMode, type WindowConfig} from '../../../graph';
import {emit, emitPart, isChannelsLast, isImage, spatial, viewAt, viewLike, type NodeImporter} from '../use';
import {planShape, valueOf} from '../view';
import {paddingOf} from './window';

export const pool =
  (mode: PoolMode): NodeImporter =>
  (use) => {
    const view = viewAt(use);
    const padding = paddingOf(use);
    // tfjs itself has no explicit padding for pools.
    if (!isImage(use, view) || !isChannelsLast(use) || (padding !== 'same' && padding !== 'valid'))
      return null;
    const kernel = spatial(use.attributes.integers('ksize'));
    const strides = spatial(use.attributes.integers('strides'));
    const [, height, width, channels] = planShape(view);
    const value = valueOf(use.graph, view)!;
    if (strides.some((side) => side < 1)) return null;
    if (padding === 'valid' && kernel[0] === height && kernel[1] === width && height * width > 1) {
      const pooled = emitPart(use, 'pool', {kind: 'globalPool', mode, isWindow: true}, [value]);
      return [viewLike(use, emit(use, reshapeTo([1, 1, channels]), [pooled]), view)];
    }
    const window: WindowConfig = {kernel, strides, dilations: [1, 1], padding};
    return [viewLike(use, emit(use, {kind: 'pool2d', mode, window}, [value]), view)];
  };
