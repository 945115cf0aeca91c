/** Channels that become space. */
import type {TfGraph} from '../tf-graph';
import {specify, type Case} from './specify';

const IMAGE = [1, 6, 7, 3];

/** The image, and something behind so that there is more to a plan than another shape. */
const image = (graph: TfGraph, shape = IMAGE): string => graph.node('Relu', [graph.input('x', shape)]);

const depths: Case[] = [
  [
    'DepthToSpace',
    (graph) =>
      void graph.node('DepthToSpace', [image(graph, [1, 5, 6, 12])], {block_size: 2, data_format: 'NHWC'}),
  ],
  [
    'DepthToSpace of 3',
    (graph) =>
      void graph.node('DepthToSpace', [image(graph, [1, 5, 3, 18])], {block_size: 3, data_format: 'NHWC'}),
  ],
];

specify(depths);
