/** The same model in onnxruntime-node. Frames and outputs are put in the runtime's order of axes outside of what is timed. */
import {settle} from '../../../examples/atari/sides/settle';
import type {OnnxRuntime, OnnxSession} from '../../../examples/atari/onnx/runtime';
import {writeOnnx, type OnnxGraph, type OnnxValue} from '../../../examples/atari/onnx/writer';
import type {PeerSide, Prediction} from './side';

export async function onnxSide(runtime: OnnxRuntime, graph: OnnxGraph, threads: 1 | 2): Promise<PeerSide> {
  const session = await runtime.InferenceSession.create(writeOnnx(graph), {intraOpNumThreads: threads});
  return {
    id: `onnx-${threads}`,
    play: async (frames) => {
      const inputs = frames.map(
        (values) => new runtime.Tensor('float32', channelsFirst(values, graph.input), graph.input.dims),
      );
      await settle();
      const predictions: Prediction[] = [];
      for (const input of inputs) predictions.push(await predict(session, graph, input));
      return predictions;
    },
    dispose: () => session.release(),
  };
}

type Input = Parameters<OnnxSession['run']>[0][string];

async function predict(session: OnnxSession, {input, outputs}: OnnxGraph, frame: Input): Promise<Prediction> {
  const start = performance.now();
  const results = await session.run({[input.name]: frame});
  const ms = performance.now() - start;
  return {ms, outputs: outputs.map((output) => channelsLast(results[output.name].data, output))};
}

/** @param dims of the result */
export function channelsFirst(
  values: Float32Array,
  {dims: [, channels, height, width]}: OnnxValue,
): Float32Array {
  return transposed(values, height * width, channels);
}

/** @param dims of what is given */
export function channelsLast(
  values: Float32Array,
  {dims: [, channels, height, width]}: OnnxValue,
): Float32Array {
  return transposed(values, channels, height * width);
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0, from = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[from++];
  }
  return result;
}
