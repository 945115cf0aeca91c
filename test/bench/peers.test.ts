/** A pretrained model beside its peers: its graph as ONNX, the command line, and what is made of the figures. */
import {spawnSync} from 'node:child_process';
import {createRequire} from 'node:module';
import {resolve} from 'node:path';
import {Command} from 'commander';
import {peersText} from '../../bench/docs/peers';
import {onnxGraph} from '../../bench/formats/onnx';
import {channelsFirst, channelsLast} from '../../bench/formats/planes';
import {readPeersOptions} from '../../bench/models/peers/options';
import type {PeersResults} from '../../bench/models/peers/results';
import {findOnnxRuntime} from '../../examples/atari/onnx/runtime';
import {GraphBuilder, LINEAR, type Activation, type Graph, type Op} from '../../src/graph';

const window = {kernel: [3, 3], strides: [2, 2], dilations: [1, 1], padding: 'same'} as const;
const convolution = (activation: Activation): Op => ({
  kind: 'conv2d',
  filters: 2,
  window,
  activation,
  batchNormEpsilon: null,
});
const depthwise: Op = {
  kind: 'depthwiseConv2d',
  depthMultiplier: 2,
  window: {...window, padding: 'valid'},
  activation: LINEAR,
  batchNormEpsilon: null,
};

/** A graph of one node over an image of 4 × 6 pixels and 3 channels. */
function graphWith(op: Op, filter: readonly number[] = [3, 3, 3, 2], ...others: string[]): Graph {
  const graph = new GraphBuilder();
  const slot = (shape: readonly number[]) => {
    const length = shape.reduce((product, side) => product * side);
    return graph.weight({name: 'w', shape, values: () => Float32Array.from({length}, (_, i) => i)});
  };
  const weights = {filter: slot(filter), ...Object.fromEntries(others.map((name) => [name, slot([2])]))};
  const input = graph.input('image', [4, 6, 3]);
  return graph.build(graph.node(op, [input], {name: 'node', weights}));
}

describe('a graph as ONNX', () => {
  it('has inputs and outputs with their channels first', () => {
    const {input, outputs} = onnxGraph(graphWith(convolution(LINEAR)));
    expect(input).toEqual({name: 'image', dims: [1, 3, 4, 6]});
    expect(outputs).toEqual([{name: 'node', dims: [1, 2, 2, 3]}]);
  });

  it("has a convolution's window with its padding in pixels, and its filter by outputs", () => {
    const {nodes, weights} = onnxGraph(graphWith(convolution(LINEAR), [3, 3, 3, 2], 'bias'));
    expect(nodes).toEqual([
      {
        op: 'Conv',
        inputs: ['image', 'node.filter', 'node.bias'],
        output: 'node',
        attributes: {kernel_shape: [3, 3], strides: [2, 2], dilations: [1, 1], pads: [0, 0, 1, 1], group: 1},
      },
    ]);
    const [filter, bias] = weights;
    expect(filter.dims).toEqual([2, 3, 3, 3]);
    // The first output's first input, tap by tap.
    expect([...filter.values.subarray(0, 9)]).toEqual([0, 6, 12, 18, 24, 30, 36, 42, 48]);
    expect(bias).toEqual({name: 'node.bias', dims: [2], values: Float32Array.of(0, 1)});
  });

  it('has a depthwise convolution as a group for each channel', () => {
    const {nodes, weights} = onnxGraph(graphWith(depthwise, [3, 3, 3, 2]));
    expect(nodes[0].attributes).toMatchObject({group: 3, pads: [0, 0, 0, 0]});
    expect(weights[0].dims).toEqual([6, 1, 3, 3]);
  });

  it('has activations behind what they belong to', () => {
    const {nodes, weights} = onnxGraph(graphWith(convolution({name: 'relu6'})));
    expect(nodes[1]).toEqual({op: 'Clip', inputs: ['node.sum', 'node.least', 'node.most'], output: 'node'});
    expect(weights.slice(2)).toEqual([
      {name: 'node.least', dims: [], values: Float32Array.of(0)},
      {name: 'node.most', dims: [], values: Float32Array.of(6)},
    ]);
  });

  it.each([
    [graphWith(convolution({name: 'tanh'})), "'node' has tanh; what is written to ONNX are relu6"],
    [graphWith(convolution(LINEAR), [3, 3, 3, 2], 'gamma'), "'node' has gamma; what can be written are"],
    [graphWith({kind: 'pool2d', mode: 'average', window}), "'node' is no max pool"],
    [graphWith({kind: 'depthToSpace', block: 1}), "'node' is a depthToSpace; what is"],
  ])('refuses what it cannot write (case %#)', (graph, message) => {
    expect(() => onnxGraph(graph)).toThrow(message);
  });

  it('takes pixels by channel, and gives them back', () => {
    const dims = [1, 2, 1, 3];
    const pixels = Float32Array.of(1, 10, 2, 20, 3, 30);
    const planes = channelsFirst(pixels, dims);
    expect([...planes]).toEqual([1, 2, 3, 10, 20, 30]);
    expect(channelsLast(planes, dims)).toEqual(pixels);
  });
});

const root = resolve(__dirname, '../..');

// In a process of its own: the runtime's arrays are not of the kind that a test's are.
(findOnnxRuntime(root) ? it : it.skip)('the graph in onnxruntime gives what the model gives', () => {
  const tsx = createRequire(__filename).resolve('tsx/cli');
  const program = resolve(__dirname, 'peers-onnx-program.ts');
  const {stdout, status} = spawnSync(process.execPath, [tsx, program], {cwd: root, encoding: 'utf8'});
  expect(status).toBe(0);
  const {onnx, tfjs} = JSON.parse(stdout) as Record<'onnx' | 'tfjs', number[][]>;
  expect(tfjs.map(({length}) => length)).toEqual([5 * 4 * 7, 3 * 2 * 5]);
  tfjs.forEach((expected, output) => {
    expect(onnx[output]).toHaveLength(expected.length);
    expected.forEach((value, i) => expect(onnx[output][i]).toBeCloseTo(value, 4));
  });
});

describe('the command line', () => {
  const options = (...argv: string[]) =>
    readPeersOptions(argv, new Command().exitOverride().configureOutput({writeErr: () => undefined}));

  it('takes the frames that the models are measured over, by default', () => {
    expect(options()).toEqual({frames: 60, rounds: 5, json: 'bench/results/peers.json'});
  });

  it('refuses what is out of range', () => {
    expect(() => options('--frames', '1')).toThrow('6 to 200');
    expect(() => options('--rounds', '0')).toThrow('1 to 20');
  });
});

it('the page has a table of all sides, each with its threads, and says where reuse is the slower one', () => {
  const results: PeersResults = {
    machine: {
      date: '2026-01-01',
      cpu: 'a processor',
      cores: 4,
      system: 'linux',
      memoryGiB: 8,
      load: 0,
      versions: {},
      energy: '',
    },
    model: 'posenet',
    frames: 8,
    rounds: 2,
    threads: {'tfjs-wasm': 1, 'tfjs-node': 4, 'onnx-1': 1, 'onnx-2': 2, reuse: 1},
    rows: [
      {
        clip: 'sprites',
        setting: 'exact',
        ms: {'tfjs-wasm': 80, 'tfjs-node': 40, 'onnx-1': 30, 'onnx-2': 22, reuse: 20},
        agreement: 1,
      },
      {
        clip: 'camera',
        setting: 'calibrated',
        ms: {'tfjs-wasm': 80, 'tfjs-node': 40, 'onnx-1': 30, 'onnx-2': 20, reuse: 40},
        agreement: 0.925,
      },
    ],
  };
  const [head, , sprites, camera] = peersText(results)
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(head.slice(0, 6)).toEqual([
    'Clip',
    'tfjs wasm, 1 thread, ms',
    'tfjs-node, 4 threads, ms',
    'onnxruntime-node, 1 thread, ms',
    'onnxruntime-node, 2 threads, ms',
    'reuse, 1 thread, ms',
  ]);
  expect(sprites.slice(6)).toEqual(['4.00×', '2.00×', '1.10×', '1.000']);
  expect(camera).toEqual([
    ...['camera, calibrated', '80.0', '40.0', '30.0', '20.0', '40.0'],
    ...['2.00×', '1.00×', '0.500×', '0.925'],
  ]);
});
