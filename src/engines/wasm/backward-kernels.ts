/**
 * The kernels of recorded frames and of the backward pass: a module of its own over the memory of an instance, so that who
 * only predicts needs none of it. It is compiled when it is first asked for.
 */
import * as texts from './backward-binaries';
import type {BackwardKernels} from './backward-signatures';
import {forkedBackward} from './backward-signatures';
import {binaryFrom, forMemory, type Instance} from './kernels';

export {bindBackward, type BackwardKernels} from './backward-signatures';

const known = new WeakMap<Instance, BackwardKernels>();

/** @throws where the host compiles nothing at once, and `prepareBackward` has not done it beforehand */
export function backwardKernelsOf(instance: Instance): BackwardKernels {
  return known.get(instance) ?? keep(instance, compiled(binaryFor(instance)));
}

const binaryFor = ({build, memory}: Instance) => forMemory(binaryFrom(texts, build), memory);

function compiled(binary: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(binary);
  } catch (cause) {
    throw new Error('record(): the backward pass is not compiled on this host; await ready() first.', {
      cause,
    });
  }
}

export async function prepareBackward(instance: Instance): Promise<void> {
  if (known.has(instance)) return;
  keep(instance, await WebAssembly.compile(binaryFor(instance)));
}

function keep(instance: Instance, module: WebAssembly.Module): BackwardKernels {
  const {memory, pool} = instance;
  const alone = new WebAssembly.Instance(module, {env: {memory}}).exports as unknown as BackwardKernels;
  const kernels = pool ? pool.share(module, alone, forkedBackward) : alone;
  known.set(instance, kernels);
  return kernels;
}
