/** Pooling layers, over windows and over whole planes. */
import type {PoolMode} from '../../graph';
import {emit, pair, type LayerImporter, type LayerImporters} from '../use';

interface Pooling {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: string;
  /** 1-D pools have none. */
  readonly dataFormat?: string;
}

const pool =
  (mode: PoolMode): LayerImporter =>
  (use) => {
    const layer = use.layer as unknown as Pooling;
    if (layer.dataFormat === 'channelsFirst') return null;
    if (layer.padding !== 'same' && layer.padding !== 'valid') return null;
    const {poolSize, strides, padding} = layer;
    const window = {kernel: pair(poolSize), strides: pair(strides), dilations: [1, 1], padding} as const;
    return emit(use, {kind: 'pool2d', mode, window});
  };

const globalPool =
  (mode: PoolMode): LayerImporter =>
  (use) => {
    if ((use.layer as unknown as Pooling).dataFormat === 'channelsFirst') return null;
    return emit(use, {kind: 'globalPool', mode});
  };

export const poolings: LayerImporters = {
  MaxPooling1D: pool('max'),
  MaxPooling2D: pool('max'),
  AveragePooling1D: pool('average'),
  AveragePooling2D: pool('average'),
  GlobalMaxPooling1D: globalPool('max'),
  GlobalMaxPooling2D: globalPool('max'),
  GlobalAveragePooling1D: globalPool('average'),
  GlobalAveragePooling2D: globalPool('average'),
};
