/** Convolutions of all kinds and what is fused into them. */
import {windowed, type Attribute, type TfGraph} from '../tf-graph';
import {specify, specifyLeft, type Case} from './specify';

type Attributes = Readonly<Record<string, Attribute>>;

/** A convolution of 3×3 on an image of 6×7 with 3 channels. */
function conv(
  op: string,
  filter: readonly number[],
  attributes: Attributes = {},
  shape = [1, 6, 7, 3],
): Case[1] {
  return (graph) => {
    const x = graph.input('x', shape);
    graph.node(op, [x, graph.floats(filter)], windowed(attributes));
  };
}

const WINDOWS: readonly (readonly [string, Attributes])[] = [
  ['SAME', {}],
  ['VALID', {padding: 'VALID'}],
  ['SAME, strides of 2', {strides: [1, 2, 2, 1]}],
  ['VALID, strides of 3', {padding: 'VALID', strides: [1, 3, 3, 1]}],
  ['SAME, dilations of 2', {dilations: [1, 2, 2, 1]}],
  ['VALID, dilations of 2', {padding: 'VALID', dilations: [1, 2, 2, 1]}],
  ['EXPLICIT', {padding: 'EXPLICIT', explicit_paddings: [0, 0, 1, 2, 0, 1, 0, 0]}],
  [
    'EXPLICIT, strides of 2',
    {padding: 'EXPLICIT', explicit_paddings: [0, 0, 0, 1, 1, 0, 0, 0], strides: [1, 2, 2, 1]},
  ],
];

const toFirst = (list: readonly number[], each: number) => {
  const at = (axis: number) => list.slice(axis * each, (axis + 1) * each);
  return [...at(0), ...at(3), ...at(1), ...at(2)];
};

/** With the channels first; tfjs takes the second and third of strides and dilations then as well. */
function channelsFirst(attributes: Attributes): Attributes {
  const {explicit_paddings: pads, strides, dilations} = windowed(attributes) as Record<string, number[]>;
  return {
    ...attributes,
    data_format: 'NCHW',
    strides: toFirst(strides, 1),
    dilations: toFirst(dilations, 1),
    ...(pads && {explicit_paddings: toFirst(pads, 2)}),
  };
}

const windows: Case[] = WINDOWS.flatMap(([name, attributes]): Case[] => [
  [`Conv2D ${name}`, conv('Conv2D', [3, 3, 3, 4], attributes)],
  [`Conv2D of uneven sides, ${name}`, conv('Conv2D', [2, 4, 3, 2], attributes)],
  [`DepthwiseConv2dNative ${name}`, conv('DepthwiseConv2dNative', [3, 3, 3, 1], attributes)],
  [`DepthwiseConv2dNative ${name}, multiplier 2`, conv('DepthwiseConv2dNative', [3, 3, 3, 2], attributes)],
]);

const pointwise: Case[] = [
  ['Conv2D 1×1', conv('Conv2D', [1, 1, 3, 5])],
  ['Conv2D 1×1, strides of 2', conv('Conv2D', [1, 1, 3, 5], {strides: [1, 2, 2, 1]})],
  ['Conv2D of uneven strides', conv('Conv2D', [3, 3, 3, 4], {strides: [1, 2, 1, 1]})],
  ['Conv2D of uneven dilations', conv('Conv2D', [3, 3, 3, 4], {dilations: [1, 2, 1, 1]})],
  ['Conv2D over the whole plane', conv('Conv2D', [6, 7, 3, 4], {padding: 'VALID'})],
];

/** x, filter, bias, and what some activations need. */
function fused(
  op: string,
  filter: number[],
  outputs: number,
  ops: string[],
  attributes: Attributes = {},
): Case[1] {
  return (graph: TfGraph) => {
    const x = graph.input('x', [1, 6, 7, 3]);
    const slopes = ops.includes('Prelu') ? [graph.floats([outputs])] : [];
    const inputs = [x, graph.floats(filter), graph.floats([outputs]), ...slopes];
    graph.node(op, inputs, {...windowed(), fused_ops: ops, num_args: inputs.length - 2, ...attributes});
  };
}

const FUSED: readonly (readonly [string, string[]])[] = [
  ['BiasAdd, Prelu', ['BiasAdd', 'Prelu']],
  ['BiasAdd', ['BiasAdd']],
  ['BiasAdd, Relu', ['BiasAdd', 'Relu']],
  ['BiasAdd, Relu6', ['BiasAdd', 'Relu6']],
  ['BiasAdd, Elu', ['BiasAdd', 'Elu']],
  ['BiasAdd, Sigmoid', ['BiasAdd', 'Sigmoid']],
];

const LEAKY = {leakyrelu_alpha: {float: 0.125}};

const fusions: Case[] = [
  ...FUSED.map(([name, ops]): Case => [`_FusedConv2D ${name}`, fused('_FusedConv2D', [3, 3, 3, 4], 4, ops)]),
  ...FUSED.map(([name, ops]): Case => [
    `FusedDepthwiseConv2dNative ${name}`,
    fused('FusedDepthwiseConv2dNative', [3, 3, 3, 1], 3, ops),
  ]),
  [
    '_FusedConv2D BiasAdd, LeakyRelu',
    fused('_FusedConv2D', [3, 3, 3, 4], 4, ['BiasAdd', 'LeakyRelu'], LEAKY),
  ],
  [
    '_FusedConv2D LeakyRelu without a slope',
    fused('_FusedConv2D', [3, 3, 3, 4], 4, ['BiasAdd', 'LeakyRelu']),
  ],
];

/** A convolution among batches, as TensorFlow 1 dilates: 2 rows and 3 columns apart. */
function dealt(op: string, filter: number[], pads: number[], crops: number[], behind: string[]): Case[1] {
  return (graph) => {
    const x = graph.input('x', [1, 8, 9, 3]);
    const block = graph.integers([2, 3]);
    const start = graph.node('SpaceToBatchND', [x, block, graph.integers(pads, [2, 2])]);
    let y = graph.node(op, [start, graph.floats(filter)], windowed({padding: 'VALID'}));
    for (const name of behind) {
      y = graph.node(name, name === 'BiasAdd' ? [y, graph.floats([4])] : [y]);
    }
    graph.node('BatchToSpaceND', [y, block, graph.integers(crops, [2, 2])]);
  };
}

const dilated: Case[] = [
  ['SpaceToBatchND, Conv2D', dealt('Conv2D', [3, 3, 3, 4], [2, 2, 3, 3], [0, 0, 0, 0], [])],
  [
    'SpaceToBatchND, Conv2D, bias and relu',
    dealt('Conv2D', [3, 3, 3, 4], [2, 2, 3, 3], [0, 0, 0, 0], ['BiasAdd', 'Relu']),
  ],
  ['SpaceToBatchND with crops', dealt('Conv2D', [3, 3, 3, 4], [2, 4, 3, 6], [0, 2, 0, 3], ['Relu6'])],
  [
    'SpaceToBatchND, DepthwiseConv2dNative',
    dealt('DepthwiseConv2dNative', [3, 3, 3, 1], [2, 2, 3, 3], [0, 0, 0, 0], []),
  ],
];

/** Channels first on the way in and, by a transposition that costs nothing, last on the way out. */
function firstToLast(op: string, filter: readonly number[], attributes: Attributes): Case[1] {
  return (graph) => {
    const x = graph.input('x', [1, 3, 6, 7]);
    const y = graph.node(op, [x, graph.floats(filter)], windowed(channelsFirst(attributes)));
    graph.node('Transpose', [graph.node('Relu', [y]), graph.integers([0, 2, 3, 1])]);
  };
}

const first: Case[] = WINDOWS.map(([name, attributes]) => [
  `Conv2D NCHW ${name}`,
  firstToLast('Conv2D', [3, 3, 3, 4], attributes),
]);

/** As ONNX's converters have it: the channels are first but around a convolution. */
const turned: Case[] = [
  [
    'Conv2D between transpositions',
    (graph) => {
      const x = graph.input('x', [1, 3, 6, 7]);
      const last = graph.node('Transpose', [x, graph.integers([0, 2, 3, 1])]);
      const y = graph.node('Conv2D', [last, graph.floats([3, 3, 3, 4])], windowed());
      const back = graph.node('Transpose', [y, graph.integers([0, 3, 1, 2])]);
      const sum = graph.node('AddV2', [back, graph.floats([1, 4, 1, 1])]);
      graph.node('Reshape', [
        graph.node('Transpose', [sum, graph.integers([0, 2, 3, 1])]),
        graph.integers([1, 42, 4]),
      ]);
    },
  ],
];

specify([...windows, ...pointwise, ...fusions, ...dilated, ...turned]);
specify(first, 'cpu');
specifyLeft([
  [
    'FusedDepthwiseConv2dNative with a leaky relu, whose slope tfjs does not read',
    (graph) => {
      const x = graph.node('Relu', [graph.input('x', [1, 6, 7, 3])]);
      const inputs = [x, graph.floats([3, 3, 3, 1]), graph.floats([3])];
      graph.node('FusedDepthwiseConv2dNative', inputs, {
        ...windowed(),
        ...LEAKY,
        fused_ops: ['BiasAdd', 'LeakyRelu'],
        num_args: 1,
      });
    },
  ],
  [
    'an output whose channels are first',
    (graph) => {
      const x = graph.input('x', [1, 6, 7, 3]);
      const y = graph.node('Conv2D', [x, graph.floats([3, 3, 3, 4])], windowed());
      graph.node('Transpose', [y, graph.integers([0, 3, 1, 2])]);
    },
  ],
]);
