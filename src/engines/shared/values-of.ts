/** A tensor's values for whoever reads them at once: where they lie, if that is within reach, and else a copy. */
import {engine, type KernelBackend, type Tensor, type TensorInfo} from '@tensorflow/tfjs-core';

type Values = Float32Array | Int32Array | Uint8Array;

/** tfjs's wasm backend shows its memory to kernels. */
type InReach = KernelBackend & {typedArrayFromHeap?(info: TensorInfo): Values};

/** @returns not to be written to, and not to be kept: the backend may use that memory for something else */
export function valuesOf(tensor: Tensor): Values {
  // A tensor stays with the backend that it was made on, whichever is current; one that is disposed is with none.
  const backend = engine().state.tensorInfo.get(tensor.dataId)?.backend as InReach | undefined;
  return backend?.typedArrayFromHeap ? backend.typedArrayFromHeap(tensor) : tensor.dataSync<'float32'>();
}
