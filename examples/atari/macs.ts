/** What the network costs, counted from its sizes alone. */
import {propagate, type Region} from '../../src';
import {KERNEL, type NetworkSize} from './network';

/** Multiply-adds that cannot be avoided where these pixels of the input changed: every output that reads one of them. */
export function affectedMacs(changed: Region, {filters: [first, second], actions}: NetworkSize): number {
  const one = throughConvolution(changed);
  const two = throughConvolution(one);
  const taps = KERNEL * KERNEL;
  return one.area * taps * first + two.area * (taps * first * second + second * actions);
}

function throughConvolution(region: Region): Region {
  const window = {input: [region.height, region.width], kernel: [KERNEL, KERNEL], padding: 'valid'} as const;
  return propagate(region, window);
}
