/** Graphs as TensorFlow Lite models: what is written of each op, and the file, read back by the schema's places. */
import {ByteBuffer} from 'flatbuffers';
import {foldedWeights} from '../../../bench/formats/folded';
import {paddingOf} from '../../../bench/formats/padding';
import {tfliteModel} from '../../../bench/formats/tflite';
import {writeTflite, type TfliteModel} from '../../../bench/formats/tflite-writer';
import {GraphBuilder, LINEAR, type Graph, type Op} from '../../../src/graph';

const window = {kernel: [3, 3], strides: [2, 1], dilations: [1, 1], padding: 'same'} as const;
const conv2d = {kind: 'conv2d', filters: 2, window, activation: LINEAR, batchNormEpsilon: null} as const;

/** A graph of one node over an image of 4 × 6 pixels and 3 channels; weights count from 0. */
function graphWith(op: Op, weights: Readonly<Record<string, readonly number[]>> = {}): Graph {
  const graph = new GraphBuilder();
  const slots = Object.entries(weights).map(([name, shape]) => {
    const length = shape.reduce((product, side) => product * side);
    const values = () => Float32Array.from({length}, (_, i) => i);
    return [name, graph.weight({name, shape, values})] as const;
  });
  const input = graph.input('image', [4, 6, 3]);
  return graph.build(graph.node(op, [input], {name: 'node', weights: Object.fromEntries(slots)}));
}

const tensorOf = ({tensors}: TfliteModel, name: string) => tensors.find((tensor) => tensor.name === name)!;

describe('a graph as a TensorFlow Lite model', () => {
  it("has a convolution's window, with its filter by outputs", () => {
    const model = tfliteModel(graphWith({...conv2d, activation: {name: 'relu6'}}, {filter: [3, 3, 3, 2]}));
    expect(model.operators).toEqual([
      {
        op: 'CONV_2D',
        inputs: ['image', 'node.filter', 'node.bias'],
        output: 'node',
        options: {padding: 0, strideY: 2, strideX: 1, dilationY: 1, dilationX: 1, activation: 3},
      },
    ]);
    const {shape, values} = tensorOf(model, 'node.filter');
    expect(shape).toEqual([2, 3, 3, 3]);
    expect([...values!.subarray(0, 4)]).toEqual([0, 2, 4, 6]);
    expect(tensorOf(model, 'node').shape).toEqual([1, 2, 6, 2]);
  });

  it('has a depthwise filter as it is, and padding in pixels as an operator before it', () => {
    const op: Op = {
      kind: 'depthwiseConv2d',
      depthMultiplier: 2,
      window: {
        ...window,
        padding: [
          [1, 0],
          [2, 3],
        ],
      },
      activation: LINEAR,
      batchNormEpsilon: null,
    };
    const model = tfliteModel(graphWith(op, {filter: [3, 3, 3, 2]}));
    expect(model.operators.map((operator) => operator.op)).toEqual(['PAD', 'DEPTHWISE_CONV_2D']);
    expect([...tensorOf(model, 'node.sides').values!]).toEqual([0, 0, 1, 0, 2, 3, 0, 0]);
    expect(tensorOf(model, 'node.padded').shape).toEqual([1, 5, 11, 3]);
    expect(model.operators[1].options).toMatchObject({padding: 1, multiplier: 2});
    expect(tensorOf(model, 'node.filter').shape).toEqual([1, 3, 3, 6]);
  });

  it('has activations that no operator applies itself behind what they belong to', () => {
    const {operators} = tfliteModel(
      graphWith({...conv2d, activation: {name: 'leakyRelu', parameter: 0.1}}, {filter: [3, 3, 3, 2]}),
    );
    expect(operators[0]).toMatchObject({output: 'node.sum', options: {activation: 0}});
    expect(operators[1]).toEqual({
      op: 'LEAKY_RELU',
      inputs: ['node.sum'],
      output: 'node',
      options: {slope: 0.1},
    });
  });

  it.each<[string, Graph, string]>([
    ['an op', graphWith({kind: 'depthToSpace', block: 1}), "'node' is a depthToSpace"],
    ['a pool', graphWith({kind: 'pool2d', mode: 'average', window}), "'node' is no max pool"],
    ['an activation', graphWith({kind: 'activation', activation: {name: 'mish'}}), "'node' has mish"],
    ['a weight', graphWith(conv2d, {filter: [3, 3, 3, 2], gamma: [2]}), "'node' has gamma"],
  ])('refuses %s that it cannot write', (_, graph, message) => {
    expect(() => tfliteModel(graph)).toThrow(message);
  });
});

it("a convolution's scale and shift go into its filter and its bias", () => {
  const graph = graphWith(conv2d, {filter: [3, 3, 3, 2], bias: [2], scale: [2], shift: [2]});
  const {filter, bias} = foldedWeights(graph.nodes[0], graph, 2);
  // Weights count from 0: the first output is scaled by 0, the second by 1.
  expect([...filter.subarray(0, 4)]).toEqual([0, 1, 0, 3]);
  expect([...bias]).toEqual([0 * 0 + 0, 1 * 1 + 1]);
});

it('padding is told from other tables of rows', () => {
  expect(paddingOf([-1, 0, 1, 2, -1, -1], 3, 'x')).toEqual([1, 2]);
  expect(paddingOf([0, 1], 2, 'x')).toEqual([0, 0]);
  for (const table of [
    [1, 0],
    [0, 0, 1],
    [-1, 0, -1, 1],
    [-1, -1],
  ]) {
    expect(() => paddingOf(table, 2, 'x')).toThrow("'x' copies rows or columns other than by padding.");
  }
});

/** A table of a flat buffer, its fields by their places in the schema. */
class Table {
  constructor(
    private readonly bytes: ByteBuffer,
    private readonly at: number,
  ) {}

  static root(bytes: Uint8Array): Table {
    const buffer = new ByteBuffer(bytes);
    return new Table(buffer, buffer.readInt32(0));
  }

  /** Where a field lies; 0 where it is missing. */
  place(field: number): number {
    const offset = this.bytes.__offset(this.at, 4 + 2 * field);
    return offset === 0 ? 0 : this.at + offset;
  }

  byte(field: number): number {
    return this.bytes.readInt8(this.place(field));
  }

  int(field: number): number {
    return this.bytes.readInt32(this.place(field));
  }

  table(field: number): Table {
    return new Table(this.bytes, this.bytes.__indirect(this.place(field)));
  }

  tables(field: number): Table[] {
    const [start, length] = this.vector(field);
    return Array.from({length}, (_, i) => new Table(this.bytes, this.bytes.__indirect(start + 4 * i)));
  }

  ints(field: number): number[] {
    const [start, length] = this.vector(field);
    return Array.from({length}, (_, i) => this.bytes.readInt32(start + 4 * i));
  }

  /** Where a list begins, and how long it is. */
  vector(field: number): [start: number, length: number] {
    const at = this.place(field) - this.at;
    const [start, length] = [this.bytes.__vector(this.at + at), this.bytes.__vector_len(this.at + at)];
    return [start, length];
  }
}

describe('the file', () => {
  const model = tfliteModel(graphWith(conv2d, {filter: [3, 3, 3, 2]}));
  const bytes = writeTflite(model);
  const root = Table.root(bytes);
  const [graph] = root.tables(2);

  it('says what it is', () => {
    expect(new TextDecoder().decode(bytes.subarray(4, 8))).toBe('TFL3');
    expect(root.int(0)).toBe(3);
  });

  it('has tensors with their shapes, and which of them go in and come out', () => {
    const shapes = graph.tables(0).map((tensor) => tensor.ints(0));
    expect(shapes).toEqual(model.tensors.map(({shape}) => shape));
    expect(graph.ints(1)).toEqual([0]);
    expect(model.tensors[graph.ints(2)[0]].name).toBe('node');
  });

  it('has operators by the codes and the places of the schema', () => {
    const [code] = root.tables(1);
    expect([code.byte(0), code.int(3)]).toEqual([3, 3]);
    const [operator] = graph.tables(3);
    expect(operator.ints(1).map((i) => model.tensors[i].name)).toEqual(model.operators[0].inputs);
    expect(operator.byte(3)).toBe(1);
    // Padding, and strides by column and by row.
    const options = operator.table(4);
    expect([options.byte(0), options.int(1), options.int(2)]).toEqual([0, 1, 2]);
  });

  it('has constants at multiples of 16 bytes, and buffer 0 for what is computed', () => {
    const buffers = root.tables(4);
    expect(buffers[0].place(0)).toBe(0);
    graph.tables(0).forEach((tensor, i) => {
      const {values} = model.tensors[i];
      if (!values) return expect(tensor.int(2)).toBe(0);
      const [start, length] = buffers[tensor.int(2)].vector(0);
      expect(start % 16).toBe(0);
      const stored = bytes.slice(start, start + length).buffer;
      expect(new Float32Array(stored)).toEqual(values);
    });
  });

  it.each([
    [{operators: [{op: 'RELU', inputs: ['nothing'], output: 'node'}]}, "There is no tensor 'nothing'."],
    [
      {operators: [{op: 'RELU', inputs: ['image'], output: 'node', options: {slope: 1}}]},
      'RELU has no slope',
    ],
  ] as const)('is refused where a name is unknown (case %#)', (change, message) => {
    expect(() => writeTflite({...model, ...change})).toThrow(message);
  });
});
