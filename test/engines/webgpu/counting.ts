/** Kernels that count the products they compute, and what a stream's last frame counted. Not a test. */
import type {ActivationCache} from '../../../src/cache';
import {webgpuEngine} from '../../../src/engines/webgpu/engine';
import {debugging} from '../../../src/engines/webgpu/device/pipelines';
import type {WebGpuProgram} from '../../../src/engines/webgpu/program';

/** Multiply-adds of the last frame of a cache, by node, of the program compiled last. */
export type Counted = (cache: ActivationCache) => Promise<ReadonlyMap<number, number>>;

/** From now on kernels count; to be called before the device is first used. */
export function countingProducts(): Counted {
  debugging.countsProducts = true;
  const compile = jest.spyOn(webgpuEngine, 'compile');
  return (cache) => {
    const {value} = compile.mock.results[compile.mock.results.length - 1];
    return (value as WebGpuProgram).countedMacs(cache);
  };
}
