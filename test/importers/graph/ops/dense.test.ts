/** Matrix products: of a vector, and of rows that are pixels. */
import type {Attribute} from '../tf-graph';
import {specify, specifyLeft, type Case} from './specify';

type Attributes = Readonly<Record<string, Attribute>>;

function product(shape: number[], kernel: number[], attributes: Attributes = {}, op = 'MatMul'): Case[1] {
  return (graph) => {
    const x = graph.input('x', [1, 3, 4, 2]);
    const rows = graph.node('Reshape', [x, graph.integers(shape)]);
    const units = attributes.transpose_b ? kernel[0] : kernel[1];
    const bias = op === 'MatMul' ? [] : [graph.floats([units])];
    const flags = {transpose_a: false, transpose_b: false, ...attributes};
    const y = graph.node(op, [rows, graph.floats(kernel), ...bias], flags);
    graph.node('ExpandDims', [y, graph.integers([0], [])]);
  };
}

const products: Case[] = [
  ['MatMul of a vector', product([1, 24], [24, 5])],
  ['MatMul of a vector, transposed', product([1, 24], [5, 24], {transpose_b: true})],
  ['MatMul of rows', product([12, 2], [2, 5])],
  ['MatMul of rows, transposed', product([12, 2], [5, 2], {transpose_b: true})],
  ['MatMul of rows of an image', product([3, 8], [8, 5])],
  ['_FusedMatMul', product([1, 24], [24, 5], {fused_ops: ['BiasAdd', 'Relu'], num_args: 1}, '_FusedMatMul')],
  [
    '_FusedMatMul of rows',
    product([12, 2], [2, 5], {fused_ops: ['BiasAdd', 'Elu'], num_args: 1}, '_FusedMatMul'),
  ],
];

specify(products);
specifyLeft([
  [
    'a product of rows that are the batch',
    (graph) => {
      const x = graph.input('x', [1, 3, 4, 2]);
      const y = graph.node('Relu', [x]);
      const rows = graph.node('Reshape', [y, graph.integers([12, 2])]);
      graph.node('MatMul', [rows, graph.floats([2, 5])], {transpose_a: false, transpose_b: false});
    },
  ],
]);
