/** The memory that windows of frames take. */
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../../../../src/cache';
import {Heap} from '../../../../../src/engines/wasm/memory/heap';
import {
  binaryOf,
  forMemory,
  HEAP_START,
  instantiate,
  newMemory,
} from '../../../../../src/engines/wasm/kernels';
import {WasmProgram} from '../../../../../src/engines/wasm/program';
import {importLayersModel} from '../../../../../src/importers';
import {useBackend, wantedBuild} from '../../../../backends';
import {CHANNELS, clip, SHAPE, SIZE, STEPS, windowed, windowOf} from './player';

describe('memory', () => {
  beforeAll(() => useBackend('cpu'));

  it('counts what is kept of windows, and gives all of it back', () => {
    const build = wantedBuild ?? 'simd';
    const memory = newMemory();
    const module = new WebAssembly.Module(forMemory(binaryOf(build)!, memory));
    const instance = instantiate(build, module, memory);
    const heap = new Heap(instance.memory, HEAP_START);
    const model = windowed();
    const graph = importLayersModel(model, [SHAPE]);
    const program = new WasmProgram(graph, {thresholds: new Map(), inputThreshold: 0}, instance, heap, null);
    const shared = heap.bytes;
    const frames = clip(9);
    const caches = [new ActivationCache(), new ActivationCache()];
    for (const cache of caches) {
      for (let t = 0; t < 5; t++) {
        const frame = [{data: windowOf(frames.slice(t, t + STEPS)), stride: CHANNELS}];
        tf.dispose(program.run(cache, frame, program.difference(cache, frame, null)).outputs);
        expect(cache.bytes).toBe(program.cacheBytes);
      }
    }
    expect(heap.bytes).toBe(shared + 2 * Math.ceil(program.cacheBytes / 64) * 64);
    // The window, its frames as they are kept, and the activations of one frame.
    expect(program.cacheBytes).toBeGreaterThan(4 * SIZE * (STEPS + STEPS + 1 + 4));
    caches.forEach((cache) => cache.dispose());
    expect(heap.bytes).toBe(shared);
    program.dispose();
    expect(heap.bytes).toBe(0);
    model.dispose();
  });
});
