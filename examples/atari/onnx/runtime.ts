/**
 * onnxruntime-node, where it is installed: in bench/peers, by `npm run bench:peers`. It is no dependency, because its
 * binaries for all systems weigh 290 MB. What of it is used is declared here.
 */
import {createRequire} from 'node:module';
import {join} from 'node:path';

export interface OnnxRuntime {
  readonly env: {readonly versions: {readonly node?: string}};
  readonly Tensor: new (type: 'float32', values: Float32Array, dims: readonly number[]) => OnnxRuntimeTensor;
  readonly InferenceSession: {
    create(model: Uint8Array, options: {readonly intraOpNumThreads: number}): Promise<OnnxSession>;
  };
}

export interface OnnxRuntimeTensor {
  readonly data: Float32Array;
}

export interface OnnxSession {
  readonly outputNames: readonly string[];
  run(inputs: Readonly<Record<string, OnnxRuntimeTensor>>): Promise<Record<string, OnnxRuntimeTensor>>;
  release(): Promise<void>;
}

/** Null where it is not installed. */
export function findOnnxRuntime(root: string): OnnxRuntime | null {
  const require = createRequire(join(root, 'bench/peers/package.json'));
  try {
    return require('onnxruntime-node') as OnnxRuntime;
  } catch (error) {
    if ((error as {code?: string}).code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}
