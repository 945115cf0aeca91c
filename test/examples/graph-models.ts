/** A small graph model as files, in place of pretrained ones: one convolution and a sigmoid. Not a test. */
import * as tf from '@tensorflow/tfjs-core';
import {loadGraphModel, type GraphModel} from '@tensorflow/tfjs-converter';
import {numbers} from '../importers/helpers';

export const TINY_SIZE = {height: 16, width: 24};

const FLOAT = {type: 'DT_FLOAT'};
const FILTER = [3, 3, 3, 1];

/** Strings of attributes are in base 64. */
const text = (value: string) => ({s: Buffer.from(value).toString('base64')});
const ones = {list: {i: ['1', '1', '1', '1']}};

const NODES = [
  {
    name: 'x',
    op: 'Placeholder',
    attr: {dtype: FLOAT, shape: {shape: {dim: [1, 16, 24, 3].map((size) => ({size: `${size}`}))}}},
  },
  {name: 'filter', op: 'Const', attr: {dtype: FLOAT}},
  {
    name: 'conv',
    op: 'Conv2D',
    input: ['x', 'filter'],
    attr: {
      T: FLOAT,
      strides: ones,
      dilations: ones,
      padding: text('SAME'),
      data_format: text('NHWC'),
    },
  },
  {name: 'mask', op: 'Sigmoid', input: ['conv'], attr: {T: FLOAT}},
];

const weights = [{name: 'filter', shape: FILTER, dtype: 'float32' as const}];
const values = () => numbers(FILTER.reduce((product, size) => product * size, 1));
const modelTopology = {node: NODES, versions: {producer: 1}, library: {}};

/** As a converter writes it. */
export function tinyModelFile(): {json: object; weights: Uint8Array} {
  const json = {modelTopology, weightsManifest: [{paths: ['tiny.bin'], weights}]};
  return {json, weights: new Uint8Array(values().buffer)};
}

export function tinyModel(): Promise<GraphModel> {
  const weightData = values().buffer as ArrayBuffer;
  return loadGraphModel(tf.io.fromMemory({modelTopology, weightSpecs: weights, weightData}));
}
