/** Prints what a small model of convolutions gives in tfjs and in onnxruntime. Not a test: peers.test.ts runs it. */
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as modelOf, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import {useBackend} from '../../examples/atari/backend';
import {findOnnxRuntime} from '../../examples/atari/onnx/runtime';
import {onnxSide} from '../../bench/models/peers/onnx';
import {onnxGraph} from '../../bench/formats/onnx';
import {importLayersModel} from '../../src/importers';
import {numbers, randomize} from '../importers/helpers';

const SHAPE = [9, 7, 3];

/** As in PoseNet, a depthwise convolution among others and several outputs; strides and dilations that pad unevenly. */
function smallModel() {
  const image = input({shape: SHAPE});
  const through = (layer: layers.Layer, x: SymbolicTensor) => layer.apply(x) as SymbolicTensor;
  const first = layers.conv2d({
    filters: 4,
    kernelSize: [3, 2],
    strides: 2,
    padding: 'same',
    activation: 'relu',
  });
  const second = layers.depthwiseConv2d({
    kernelSize: 3,
    depthMultiplier: 2,
    padding: 'same',
    activation: 'relu6',
    useBias: false,
  });
  const x = through(second, through(first, image));
  const outputs = [
    through(layers.conv2d({filters: 7, kernelSize: 1}), x),
    through(layers.conv2d({filters: 5, kernelSize: [2, 2], dilationRate: 2, padding: 'valid'}), x),
  ];
  return modelOf({inputs: image, outputs});
}

async function main(): Promise<void> {
  await useBackend('cpu');
  const model = smallModel();
  randomize(model);
  const pixels = numbers(9 * 7 * 3, 7);
  const tfjs = [model.predict(tf.tensor(pixels, [1, ...SHAPE]))]
    .flat()
    .map((output) => [...output.dataSync()]);

  const graph = onnxGraph(importLayersModel(model, [SHAPE]));
  const side = await onnxSide(findOnnxRuntime(process.cwd())!, graph, 1);
  const [{outputs}] = await side.play([pixels]);
  await side.dispose();
  process.stdout.write(JSON.stringify({onnx: outputs.map((output) => [...output]), tfjs}));
}

void main();
