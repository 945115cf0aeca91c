/** The WebAssembly engine for who only predicts: kernels of our own on the CPU, for frames that are there. */
import type {Engine} from '../engine';
import {ON_CPU} from '../shared/on-cpu';
import {UnfitProgram} from '../shared/unfit';
import {currentInstance, hostReason, prepare, startThreads} from './instance';
import {HEAP_START, type Instance} from './kernels';
import {Heap, OutOfMemory} from './memory/heap';
import {WasmProgram} from './program';
import type {Training} from './recorder';
import {unsupportedReason} from './schedule/unsupported';

const heaps = new WeakMap<Instance, Heap>();

function heapOf(instance: Instance): Heap {
  const known = heaps.get(instance);
  if (known) return known;
  const heap = new Heap(instance.memory, HEAP_START);
  heaps.set(instance, heap);
  return heap;
}

/** @param training what records frames; null where none are to be */
export function engineWith(training: Training | null): Engine {
  return {
    name: 'wasm',
    isReady: () => currentInstance() !== null,
    async prepare() {
      await prepare();
      const instance = currentInstance();
      if (instance) await training?.prepare(instance);
      await startThreads();
    },
    hostReason,
    suits: (backend) => ON_CPU.has(backend),
    unsupportedReason,
    compile(graph, options) {
      const instance = currentInstance()!;
      const heap = heapOf(instance);
      try {
        return new WasmProgram(graph, options, instance, heap, training);
      } catch (error) {
        if (!(error instanceof OutOfMemory)) throw error;
        // What was taken of the heap until then is given back: beside what is held now, there is no room.
        return new UnfitProgram(graph, heap.shortage(error.bytes));
      }
    },
  };
}

export const inferenceEngine = engineWith(null);
