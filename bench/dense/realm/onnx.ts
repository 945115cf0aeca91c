/** The network in onnxruntime, in Node's or the web's. Axes are put in its order outside of what is timed. */
import type {OnnxRuntime} from '../../../examples/atari/onnx/runtime';
import {channelsFirst, channelsLast} from '../../formats/planes';
import {FILES, type OnnxSlot, type Work} from '../works/work';
import type {Threads} from '../sides';
import type {Platform} from './platform';
import type {Player} from './player';

type Runtime = Pick<OnnxRuntime, 'Tensor' | 'InferenceSession'>;

export async function onnxWebPlayer(work: Work, platform: Platform, threads: Threads): Promise<Player> {
  const runtime = await platform.loadOnnxWeb();
  runtime.env.wasm.numThreads = threads;
  return onnxPlayer(work, runtime, platform, threads);
}

export async function onnxNodePlayer(work: Work, platform: Platform, threads: Threads): Promise<Player> {
  return onnxPlayer(work, await platform.loadOnnxNode(), platform, threads);
}

async function onnxPlayer(
  {onnx: {input, outputs}}: Work,
  {InferenceSession, Tensor}: Runtime,
  platform: Platform,
  threads: Threads,
): Promise<Player> {
  const file = new Uint8Array(await platform.read(FILES.onnx));
  const session = await InferenceSession.create(file, {intraOpNumThreads: threads});
  return {
    async predict(frame) {
      const tensor = new Tensor('float32', turned(frame, input, channelsFirst), input.dims);
      const start = performance.now();
      const results = await session.run({[input.name]: tensor});
      const values = outputs.map(({name}) => results[name].data);
      const ms = performance.now() - start;
      return {ms, outputs: values.map((one, i) => turned(one, outputs[i], channelsLast))};
    },
  };
}

const turned = (values: Float32Array, {turn, dims}: OnnxSlot, order: typeof channelsFirst): Float32Array =>
  turn ? order(values, dims) : values;
