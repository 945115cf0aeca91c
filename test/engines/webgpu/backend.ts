/**
 * tfjs's webgpu backend for tests of this folder: where there is no adapter, they are left out with a word of why, unless
 * the backend was asked for by name or a server runs them. An error that the device finds in what it is given fails the
 * test it happens in.
 */
import * as tf from '@tensorflow/tfjs-core';

declare const adapterFound: boolean;

const isAskedFor = Boolean(process.env['CI']) || /\bwebgpu\b/.test(process.env['REUSE_BACKENDS'] ?? '');

const isThere = adapterFound || isAskedFor;
if (!isThere) process.stdout.write('No WebGPU adapter (apt-get install chromium libvulkan1): left out.\n');

/** A suite of tests on the backend. */
export const onWebGpu: (name: string, tests: () => void) => void = (name, tests) => {
  (isThere ? describe : describe.skip)(name, () => {
    const errors: string[] = [];
    beforeAll(async () => {
      await useWebGpu();
      deviceOf().addEventListener('uncapturederror', ({error}) => errors.push(error.message));
    }, 300_000);
    afterEach(() => {
      expect(errors.splice(0)).toEqual([]);
    });
    tests();
    // Its threads would keep the process alive.
    afterAll(() => tf.removeBackend('webgpu'));
  });
};

export async function useWebGpu(): Promise<void> {
  await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu')))
    throw new Error('There is no WebGPU adapter: apt-get install chromium libvulkan1.');
  await tf.ready();
}

export function deviceOf(): GPUDevice {
  return (tf.backend() as unknown as {device: GPUDevice}).device;
}
