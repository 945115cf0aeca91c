/**
 * Where tensors lie in memory, on the backends whose memory is within reach: cpu (typed arrays) and wasm (its heap).
 *
 * The views are for one kernel call only: the wasm heap moves when it grows.
 */
import type {DataType, KernelBackend, TensorInfo} from '@tensorflow/tfjs-core';
import {checkFilled} from '../../../shared/unplanned';

export type Numbers = Float32Array | Int32Array | Uint8Array;

/** The backends whose tensors our kernels read and write in place. */
export const IN_PLACE_BACKENDS = ['cpu', 'wasm'] as const;
export type InPlaceBackend = (typeof IN_PLACE_BACKENDS)[number];

interface CpuBackend extends KernelBackend {
  /** Complex tensors have no values of their own. */
  readonly data: {get(dataId: object): {values: Numbers | undefined}};
  makeTensorInfo(shape: number[], dtype: DataType, values?: Numbers): TensorInfo;
}

interface WasmBackend extends KernelBackend {
  typedArrayFromHeap(info: TensorInfo): Numbers;
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
}

export interface Storage {
  /** The tensor's own memory. @throws UnplannedResult where that has not a value for each place */
  view(info: TensorInfo): Numbers;
  /** A new tensor whose memory is not set. */
  output(shape: number[], dtype: DataType): TensorInfo;
}

function arrayFor(dtype: DataType, size: number): Numbers {
  if (dtype === 'float32') return new Float32Array(size);
  if (dtype === 'int32') return new Int32Array(size);
  return new Uint8Array(size);
}

/** The cpu backend's cast to a wider type shares the narrower values: floats may lie there as integers. */
function ofDType(values: Numbers, dtype: DataType): Numbers {
  if (dtype === 'float32' && !(values instanceof Float32Array)) return Float32Array.from(values);
  if (dtype === 'int32' && !(values instanceof Int32Array)) return Int32Array.from(values);
  return values;
}

export function storageOf(name: InPlaceBackend, backend: unknown): Storage {
  if (name === 'wasm') {
    const wasm = backend as WasmBackend;
    return {
      view: (info) => wasm.typedArrayFromHeap(info),
      output: (shape, dtype) => wasm.makeOutput(shape, dtype),
    };
  }
  const cpu = backend as CpuBackend;
  return {
    view(info) {
      const {values} = cpu.data.get(info.dataId);
      checkFilled(info, values?.length ?? 0);
      return ofDType(values!, info.dtype);
    },
    output: (shape, dtype) =>
      cpu.makeTensorInfo(
        shape,
        dtype,
        arrayFor(
          dtype,
          shape.reduce((size, side) => size * side, 1),
        ),
      ),
  };
}

/** The same memory as unsigned words, so that values are moved and compared as bit patterns. */
export function bitsOf(numbers: Numbers): Uint32Array | Uint8Array {
  if (numbers instanceof Uint8Array) return numbers;
  return new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
}
