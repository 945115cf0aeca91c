/** What changed from one frame to the next, and the work that this makes at least. */
import {diff} from '../../src';
import {affectedMacs} from './macs';
import type {NetworkSize} from './network';

export interface Changes {
  /** Shares of the network's input, 0 to 1: pixels that changed, and the one rectangle around them. */
  readonly changed: number;
  readonly rectangle: number;
  /** Multiply-adds of the pixels truly affected. */
  readonly affectedMacs: number;
}

export function changesBetween(previous: Float32Array, next: Float32Array, size: NetworkSize): Changes {
  const {height, width} = size;
  const region = diff({data: previous, height, width}, {data: next, height, width});
  const around = region.bounds();
  return {
    changed: region.area / (height * width),
    rectangle: around ? (around.height * around.width) / (height * width) : 0,
    affectedMacs: affectedMacs(region, size),
  };
}
