/** The WebAssembly engine: kernels of our own on the CPU, for frames that are there. */
import type {Engine} from '../engine';
import {ON_CPU} from '../shared/on-cpu';
import {currentInstance, hostReason, prepare} from './instance';
import {HEAP_START} from './kernels';
import {Heap, OutOfMemory} from './memory/heap';
import {WasmProgram} from './program';
import {unsupportedReason} from './schedule/unsupported';
import {UnfitProgram} from './unfit';

let heap: Heap | null = null;

export const wasmEngine: Engine = {
  name: 'wasm',
  isReady: () => currentInstance() !== null,
  prepare,
  hostReason,
  suits: (backend) => ON_CPU.has(backend),
  unsupportedReason,
  compile(graph, options) {
    const instance = currentInstance()!;
    heap ??= new Heap(instance.memory, HEAP_START);
    try {
      return new WasmProgram(graph, options, instance, heap);
    } catch (error) {
      if (!(error instanceof OutOfMemory)) throw error;
      // What was taken of the heap until then is given back: beside what is held now, there is no room.
      return new UnfitProgram(graph, heap.shortage(error.bytes));
    }
  },
};
