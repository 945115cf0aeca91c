/** Compares two tensors of one plane where they lie: the pixels that differ, by their bits or by more than a threshold. */
import type {TensorInfo} from '@tensorflow/tfjs-core';
import {diff, type Region} from '../../../../region';
import type {Storage} from './storage';

export interface CompareAttrs {
  readonly threshold: number;
  /** Pixels that differ are added to this region, whose plane both tensors have. */
  readonly changed: Region;
}

export function compare(storage: Storage, previous: TensorInfo, next: TensorInfo, attrs: CompareAttrs): void {
  const {height, width} = attrs.changed;
  const frame = (info: TensorInfo) => ({data: storage.view(info), height, width});
  attrs.changed.unite(diff(frame(previous), frame(next), attrs.threshold));
}
