/** tfjs's backends in a browser, by name: loads one, makes it the one in use, and says why where that cannot be. */
import * as tf from '@tensorflow/tfjs-core';

export const BACKENDS = ['wasm', 'webgl', 'webgpu', 'cpu'] as const;
export type Backend = (typeof BACKENDS)[number];

const load: Readonly<Record<Backend, () => Promise<unknown>>> = {
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
  wasm: async () => {
    const {setWasmPaths} = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths('/data/wasm/');
  },
  webgl: () => import('@tensorflow/tfjs-backend-webgl'),
  webgpu: async () => {
    await requireGpu();
    await import('@tensorflow/tfjs-backend-webgpu');
  },
};

const hint: Readonly<Record<Backend, string>> = {
  cpu: '',
  wasm: 'This browser may be without WebAssembly.',
  webgl: 'This browser has no WebGL that a GPU computes; choose wasm.',
  webgpu: 'Choose another one.',
};

/** @throws where the backend does not start in this browser */
export async function useBackend(name: Backend): Promise<void> {
  if (tf.getBackend() === name) return;
  await load[name]();
  if (!(await starts(name))) throw new Error(`The ${name} backend does not start here. ${hint[name]}`);
}

async function starts(name: Backend): Promise<boolean> {
  try {
    return await tf.setBackend(name);
  } catch {
    return false;
  }
}

/** @throws where there is no WebGPU, and says what is missing */
async function requireGpu(): Promise<void> {
  const {gpu} = navigator as Navigator & {gpu?: {requestAdapter(): Promise<object | null>}};
  if (!gpu) throw new Error('This browser has no WebGPU, or not on this page: it takes https, or localhost.');
  if (!(await gpu.requestAdapter())) throw new Error('WebGPU finds no GPU that it may use here.');
}
