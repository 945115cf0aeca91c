/**
 * Registers our kernels with tfjs for the backends whose memory is within reach, under names that carry a version, so
 * that a second copy of this package finds them there and uses them.
 */
import {
  engine,
  getKernel,
  registerKernel,
  type KernelConfig,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import {blockDot, type BlockDotAttrs} from './block-dot';
import {compare, type CompareAttrs} from './compare';
import {gather, type GatherAttrs} from './gather';
import {scatter, type ScatterAttrs} from './scatter';
import {IN_PLACE_BACKENDS, storageOf, type InPlaceBackend} from './storage';

const GATHER = 'ReuseGather/1';
const SCATTER = 'ReuseScatter/1';
const COMPARE = 'ReuseCompare/1';
const BLOCK_DOT = 'ReuseBlockDot/1';

/** tfjs types attributes as plain JSON, but hands them through untouched; ours hold typed arrays and regions. */
type Attrs = KernelConfig['kernelFunc'] extends (params: {
  attrs?: infer A;
  inputs: never;
  backend: never;
}) => unknown
  ? A
  : never;

function kernels(name: InPlaceBackend): KernelConfig[] {
  const config = (
    kernelName: string,
    compute: (
      storage: ReturnType<typeof storageOf>,
      inputs: Record<string, TensorInfo>,
      attrs: unknown,
    ) => TensorInfo | TensorInfo[],
  ): KernelConfig => ({
    kernelName,
    backendName: name,
    kernelFunc: ({inputs, backend, attrs}) =>
      compute(storageOf(name, backend), inputs as Record<string, TensorInfo>, attrs),
  });
  return [
    config(GATHER, (storage, {x}, attrs) => gather(storage, x, attrs as GatherAttrs)),
    config(SCATTER, (storage, {target, values}, attrs) => {
      scatter(storage, target, values, attrs as ScatterAttrs);
      return [];
    }),
    config(COMPARE, (storage, {previous, next}, attrs) => {
      compare(storage, previous, next, attrs as CompareAttrs);
      return [];
    }),
    config(BLOCK_DOT, (storage, {x, kernel, partials}, attrs) =>
      blockDot(storage, x, kernel, partials, attrs as BlockDotAttrs),
    ),
  ];
}

/** Whether this backend has our kernels. */
export function hasKernels(backend: string): boolean {
  return getKernel(GATHER, backend) != null;
}

for (const backend of IN_PLACE_BACKENDS) {
  if (!hasKernels(backend)) kernels(backend).forEach((config) => registerKernel(config));
}

const call = <T>(name: string, inputs: Record<string, Tensor>, attrs: unknown): T =>
  engine().runKernel(name, inputs, attrs as Attrs) as T;

export const runGather = (x: Tensor, attrs: GatherAttrs): Tensor => call<Tensor>(GATHER, {x}, attrs);

export const runScatter = (target: Tensor, values: Tensor, attrs: ScatterAttrs): void => {
  call<Tensor[]>(SCATTER, {target, values}, attrs);
};

export const runCompare = (previous: Tensor, next: Tensor, attrs: CompareAttrs): void => {
  call<Tensor[]>(COMPARE, {previous, next}, attrs);
};

export const runBlockDot = (x: Tensor, kernel: Tensor, partials: Tensor, attrs: BlockDotAttrs): Tensor =>
  call<Tensor>(BLOCK_DOT, {x, kernel, partials}, attrs);
