/** Pooling layers over whole planes. */
import type {PoolMode} from '../../graph';
import {emit, type LayerImporter, type Spatial} from './use';

export const globalPool =
  (mode: PoolMode): LayerImporter =>
  (use) => {
    if ((use.layer as unknown as Partial<Spatial>).dataFormat === 'channelsFirst') return null;
    return emit(use, {kind: 'globalPool', mode});
  };
