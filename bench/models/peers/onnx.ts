/** The same model in onnxruntime-node. Frames and outputs are put in the runtime's order of axes outside of what is timed. */
import {settle} from '../../../examples/atari/sides/settle';
import type {OnnxRuntime, OnnxSession} from '../../../examples/atari/onnx/runtime';
import {writeOnnx, type OnnxGraph} from '../../../examples/atari/onnx/writer';
import {channelsFirst, channelsLast} from '../../formats/planes';
import type {PeerSide, Prediction} from './side';

export async function onnxSide(runtime: OnnxRuntime, graph: OnnxGraph, threads: 1 | 2): Promise<PeerSide> {
  const session = await runtime.InferenceSession.create(writeOnnx(graph), {intraOpNumThreads: threads});
  return {
    id: `onnx-${threads}`,
    play: async (frames) => {
      const inputs = frames.map(
        (values) => new runtime.Tensor('float32', channelsFirst(values, graph.input.dims), graph.input.dims),
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
  return {ms, outputs: outputs.map((output) => channelsLast(results[output.name].data, output.dims))};
}
