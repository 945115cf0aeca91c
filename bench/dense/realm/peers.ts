/** What is used of LiteRT.js and onnxruntime-web. They are no dependencies: `npm run bench:peers` installs them. */
import type {OnnxRuntime} from '../../../examples/atari/onnx/runtime';

export interface OnnxWeb extends Pick<OnnxRuntime, 'Tensor' | 'InferenceSession'> {
  readonly env: {readonly wasm: {numThreads: number}};
}

export interface LiteRt {
  loadAndCompile(
    model: Uint8Array,
    options: {readonly accelerator: 'wasm'; readonly cpuOptions: {readonly numThreads: number}},
  ): Promise<LiteRtModel>;
  readonly Tensor: new (values: Float32Array, shape: readonly number[]) => LiteRtTensor;
}

export interface LiteRtModel {
  run(input: LiteRtTensor): Promise<LiteRtTensor[]>;
  delete(): void;
}

/** In the runtime's heap until it is deleted. */
export interface LiteRtTensor {
  data(): Promise<Float32Array>;
  delete(): void;
}
