/** Pooling layers over windows. */
import type {PoolMode} from '../../graph';
import {emit, pair, type LayerImporter} from './use';

interface Pooling {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: string;
  /** 1-D pools have none. */
  readonly dataFormat?: string;
}

export const pool =
  (mode: PoolMode): LayerImporter =>
  (use) => {
    const layer = use.layer as unknown as Pooling;
    if (layer.dataFormat === 'channelsFirst') return null;
    if (layer.padding !== 'same' && layer.padding !== 'valid') return null;
    const {poolSize, strides, padding} = layer;
    const window = {kernel: pair(poolSize), strides: pair(strides), dilations: [1, 1], padding} as const;
    return emit(use, {kind: 'pool2d', mode, window});
  };
