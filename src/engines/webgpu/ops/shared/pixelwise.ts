/** The plan of an op that computes each vector of each listed pixel by itself. */
import {LINEAR, type Activation} from '../../../../graph';
import type {ValueLayout} from '../../memory/layout';
import {MOST_GROUPS, type Call} from '../../wgsl/call';
import type {OpPlan, Setting} from './op';
import {needsCommit, softmaxIn, targetOf, type Target} from './target';

/** Vectors that the invocations of a workgroup share out among each other. */
const VECTORS_A_GROUP = 256;

/** Pixels of a workgroup of an op that computes vector by vector. */
function tileOf({vectors, pixels}: ValueLayout): number {
  const tile = Math.min(64, Math.max(1, Math.round(VECTORS_A_GROUP / vectors)));
  return Math.max(tile, Math.ceil(pixels / MOST_GROUPS));
}

export function pixelwise(
  setting: Setting,
  region: (tile: number) => Call,
  compute: (target: Target) => Call,
  {activation = LINEAR, overhead = 1}: {readonly activation?: Activation; readonly overhead?: number} = {},
): OpPlan {
  const tile = tileOf(setting.output);
  const toScratch = needsCommit(setting, activation);
  return {
    region: region(tile),
    compute: [compute(targetOf(setting, tile, toScratch))],
    groups: 1,
    softmax: softmaxIn(activation),
    single: false,
    tile,
    unit: 1,
    overhead,
  };
}
