/** Prints what a small network of the paper's kind gives in tfjs and in onnxruntime. Not a test: atari-onnx.test.ts runs it. */
import * as tf from '@tensorflow/tfjs-core';
import {onnxNetwork} from '../../examples/atari/onnx/network';
import {findOnnxRuntime} from '../../examples/atari/onnx/runtime';
import {writeOnnx} from '../../examples/atari/onnx/writer';
import {useBackend} from '../../examples/atari/backend';
import {buildNetwork} from '../../examples/atari/network';

const size = {height: 9, width: 7, filters: [3, 5], actions: 4} as const;
const {height, width} = size;

async function main(): Promise<void> {
  await useBackend('cpu');
  const model = buildNetwork(size);
  const pixels = Float32Array.from({length: height * width}, (_, i) => (i * 37) % 256);
  const tfjs = (model.predict(tf.tensor4d(pixels.slice(), [1, height, width, 1])) as tf.Tensor).dataSync();
  const weights = model.getWeights().map((weight) => weight.dataSync() as Float32Array);

  const {InferenceSession, Tensor} = findOnnxRuntime(process.cwd())!;
  const session = await InferenceSession.create(writeOnnx(onnxNetwork(size, weights)), {
    intraOpNumThreads: 1,
  });
  const {actions} = await session.run({frame: new Tensor('float32', pixels, [1, 1, height, width])});
  process.stdout.write(JSON.stringify({onnx: [...actions.data], tfjs: [...tfjs]}));
}

void main();
