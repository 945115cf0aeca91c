/** Loads a tfjs backend by name and makes it the one in use. */
import * as tf from '@tensorflow/tfjs-core';

export const BACKENDS = ['cpu', 'wasm', 'tensorflow'] as const;
export type Backend = (typeof BACKENDS)[number];

/** Names in variables: tfjs-node is optional, and need not be there for this to compile. */
const PACKAGES: Readonly<Record<Backend, string>> = {
  cpu: '@tensorflow/tfjs-backend-cpu',
  wasm: '@tensorflow/tfjs-backend-wasm',
  tensorflow: '@tensorflow/tfjs-node',
};

/** Says nothing, and has tfjs and TensorFlow say nothing: tfjs is silent in production, as it is meant to be measured. */
export async function useBackend(name: Backend): Promise<void> {
  const from = PACKAGES[name];
  tf.enableProdMode();
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  try {
    await import(from);
  } catch (error) {
    throw new Error(`The ${name} backend needs ${from}, which cannot be loaded. Install it: npm i ${from}`, {
      cause: error,
    });
  }
  if (!(await tf.setBackend(name))) throw new Error(`The ${name} backend of ${from} does not start here.`);
  await tf.ready();
}
