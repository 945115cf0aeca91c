/** Kernels that count the products they compute, and what a stream's last frame counted. Not a test. */
import type {ReuseModel} from '../../../src';
import type {Streams} from '../../../src/model/streams';
import {webgpuEngine} from '../../../src/engines/webgpu/engine';
import {debugging} from '../../../src/engines/webgpu/device/pipelines';
import type {WebGpuProgram} from '../../../src/engines/webgpu/program';

/** Multiply-adds of the last frame of a model, by node, of the program compiled last. */
export type Counted = (reuse: ReuseModel) => Promise<ReadonlyMap<number, number>>;

/** From now on kernels count; to be called before the device is first used. */
export function countingProducts(): Counted {
  debugging.countsProducts = true;
  const compile = jest.spyOn(webgpuEngine, 'compile');
  return (reuse) => {
    const {value} = compile.mock.results[compile.mock.results.length - 1];
    return (value as WebGpuProgram).countedMacs(cacheOf(reuse));
  };
}

/** That of the stream that took the last frame. */
const cacheOf = (reuse: ReuseModel) => (reuse as unknown as {streams: Streams}).streams.last!.stream.cache;
