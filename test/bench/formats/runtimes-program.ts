/** Prints how far LiteRT.js and onnxruntime-web are from tfjs on a model with most of the ops that are written. runtimes.test.ts runs it. */
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as modelOf, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import {useBackend} from '../../../examples/atari/backend';
import {writeOnnx} from '../../../examples/atari/onnx/writer';
import {litertPlayer} from '../../../bench/dense/realm/litert';
import {copyLiteRt, loadLiteRt, loadOnnxWeb} from '../../../bench/dense/realm/node-peers';
import {onnxWebPlayer} from '../../../bench/dense/realm/onnx';
import type {Platform} from '../../../bench/dense/realm/platform';
import type {Player} from '../../../bench/dense/realm/player';
import {difference} from '../../../bench/dense/realm/realm';
import {slotsOf} from '../../../bench/dense/works/make';
import {FILES, type Work} from '../../../bench/dense/works/work';
import {onnxGraph} from '../../../bench/formats/onnx';
import {tfliteModel} from '../../../bench/formats/tflite';
import {writeTflite} from '../../../bench/formats/tflite-writer';
import type {Graph} from '../../../src/graph';
import {importLayersModel} from '../../../src/importers';
import {numbers, randomize} from '../../importers/helpers';

const SHAPE = [10, 8, 3];
/** Before the line that counts: the runtimes print, too. */
const KEY = 'distances:';

const through = (layer: layers.Layer, x: SymbolicTensor | SymbolicTensor[]) =>
  layer.apply(x) as SymbolicTensor;

/** Uneven padding, dilation, branches that meet again, a plane scaled by its own mean. */
function manyOps() {
  const image = input({shape: SHAPE});
  const convolved = through(
    layers.conv2d({filters: 8, kernelSize: [3, 2], strides: 2, padding: 'same', activation: 'relu'}),
    image,
  );
  const apart = through(
    layers.depthwiseConv2d({kernelSize: 3, depthMultiplier: 1, activation: 'relu6'}),
    through(
      layers.zeroPadding2d({
        padding: [
          [1, 2],
          [2, 1],
        ],
      }),
      convolved,
    ),
  );
  const leaky = through(
    layers.leakyReLU({alpha: 0.2}),
    through(layers.conv2d({filters: 8, kernelSize: 2}), apart),
  );
  const joined = through(layers.concatenate(), [convolved, through(layers.add(), [leaky, convolved])]);
  const mean = through(layers.globalAveragePooling2d({}), joined);
  const pixel = through(layers.reshape({targetShape: [1, 1, 16]}), mean);
  const share = through(layers.conv2d({filters: 16, kernelSize: 1, activation: 'sigmoid'}), pixel);
  const scaled = through(layers.multiply(), [joined, share]);
  const pooled = through(layers.maxPooling2d({poolSize: 3, strides: 1, padding: 'same'}), scaled);
  const wide = through(
    layers.conv2d({filters: 4, kernelSize: [2, 2], dilationRate: 2, padding: 'valid'}),
    pooled,
  );
  return modelOf({inputs: image, outputs: [scaled, pooled, wide]});
}

function filesOf(graph: Graph): Readonly<Record<string, Uint8Array>> {
  return {
    [FILES.onnx]: writeOnnx(onnxGraph(graph)),
    [FILES.tflite]: writeTflite(tfliteModel(graph)),
  };
}

async function main(): Promise<void> {
  copyLiteRt();
  await useBackend('cpu');
  const model = manyOps();
  randomize(model);
  const frame = numbers(10 * 8 * 3, 7);
  const expected = [model.predict(tf.tensor(frame, [1, ...SHAPE]))]
    .flat()
    .map((output) => output.dataSync<'float32'>());

  const graph = importLayersModel(model, [SHAPE]);
  const files = filesOf(graph);
  const platform = {
    read: async (name: string) => files[name].slice().buffer,
    loadLiteRt,
    loadOnnxWeb,
  } as unknown as Platform;
  const work = {shape: [1, ...SHAPE], onnx: slotsOf(onnxGraph(graph), graph)} as unknown as Work;
  const distances = async (player: Player) => {
    const {outputs} = await player.predict(frame);
    return outputs.map((values, i) => difference(values, expected[i]));
  };
  const found = {
    kinds: [...new Set(graph.nodes.map(({op}) => op.kind))],
    litert: await distances(await litertPlayer(work, platform, 1)),
    onnx: await distances(await onnxWebPlayer(work, platform, 1)),
  };
  process.stdout.write(`\n${KEY} ${JSON.stringify(found)}\n`);
}

void main();
