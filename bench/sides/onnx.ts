/** The same network in onnxruntime-node: an outside peer, with one thread and with two. */
import type {NetworkSize} from '../../examples/atari/network';
import type {OnnxRuntime} from '../onnx/runtime';
import type {Side} from './side';

export async function onnxSide(
  runtime: OnnxRuntime,
  model: Uint8Array,
  {height, width}: NetworkSize,
  threads: 1 | 2,
): Promise<Side> {
  const session = await runtime.InferenceSession.create(model, {intraOpNumThreads: threads});
  const [name] = session.outputNames;
  const dims = [1, 1, height, width];
  return {
    id: `onnx-${threads}`,
    kind: 'sampled',
    backend: 'wasm',
    promises: 'close',
    cut: () => undefined,
    predict: async ({pixels}) => {
      const frame = new runtime.Tensor('float32', pixels, dims);
      const start = performance.now();
      const {[name]: output} = await session.run({frame});
      const ms = performance.now() - start;
      return {ms, values: output.data.slice()};
    },
    dispose: () => session.release(),
  };
}
