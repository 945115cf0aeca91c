/** The same network in onnxruntime-node: an outside peer. */
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Backend} from '../backend';
import type {NetworkSize} from '../network';
import {onnxNetwork} from '../onnx/network';
import type {OnnxRuntime} from '../onnx/runtime';
import {writeOnnx} from '../onnx/writer';
import type {Side} from './side';

/** The model as an ONNX file. Its backend has to be current. */
export function onnxFile(model: LayersModel, size: NetworkSize): Uint8Array {
  const weights = model.getWeights().map((weight) => weight.dataSync() as Float32Array);
  return writeOnnx(onnxNetwork(size, weights));
}

/** @param backend any that there is: frames come as tensors of it too, which this side does not look at */
export async function onnxSide(
  runtime: OnnxRuntime,
  file: Uint8Array,
  {height, width}: NetworkSize,
  backend: Backend,
  threads: number,
): Promise<Side> {
  const session = await runtime.InferenceSession.create(file, {intraOpNumThreads: threads});
  const [name] = session.outputNames;
  const dims = [1, 1, height, width];
  return {
    backend,
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
