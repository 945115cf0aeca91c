/** The largest values of a tensor and their places, and the peaks of a heat map: how detectors end. */
import {useBackend} from '../../../backends';
import {sides} from '../../../promises/helpers';
import {expectSameClip, externals, graphOf} from '../playing';
import {FLOAT, INT32, TfGraph, windowed} from '../tf-graph';
import {modelOf, specify, type Case} from './specify';

const IMAGE = [1, 6, 7, 3];

/** Where an image is as large as its surroundings. */
function peaks(graph: TfGraph, x: string): string {
  const pooled = graph.node('MaxPool', [x], {...windowed(), ksize: [1, 3, 3, 1]});
  const equal = graph.named('equal', 'Equal', [x, pooled]);
  return graph.node('Cast', [equal], {SrcT: {type: 'DT_BOOL'}, DstT: FLOAT});
}

function top(graph: TfGraph, x: string, shape: readonly number[], k: number): string {
  const row = graph.node('Reshape', [x, graph.integers(shape)]);
  return graph.named('top', 'TopKV2', [row, graph.integers([k], [])], {sorted: true});
}

specify([
  [
    'Equal, as numbers',
    (graph) => {
      const x = graph.node('Sigmoid', [graph.input('x', IMAGE)]);
      graph.node('Mul', [x, peaks(graph, x)]);
    },
  ],
]);

const ranked: readonly Case[] = [
  [
    'TopKV2 of a row',
    (graph) => void top(graph, graph.node('Relu6', [graph.input('x', IMAGE)]), [1, 126], 5),
  ],
  [
    'TopKV2 with something behind its values and its places, and peaks before',
    (graph) => {
      const x = graph.node('Sigmoid', [graph.input('x', IMAGE)]);
      const found = top(graph, graph.node('Mul', [x, peaks(graph, x)]), [1, 126], 4);
      const places = graph.node('Cast', [`${found}:1`], {SrcT: INT32, DstT: FLOAT});
      const row = graph.node('FloorMod', [places, graph.floats([], [21])]);
      graph.node('Pack', [row, graph.node('Erf', [found])], {axis: 2, N: 2});
    },
  ],
  [
    'TopKV2 of several rows',
    (graph) => void top(graph, graph.node('Sigmoid', [graph.input('x', IMAGE)]), [6, 21], 3),
  ],
  [
    'TopKV2 of a tensor in another order of axes',
    (graph) => {
      const x = graph.node('Sigmoid', [graph.input('x', IMAGE)]);
      const turned = graph.node('Transpose', [x, graph.integers([0, 3, 1, 2])]);
      top(graph, turned, [1, 126], 3);
    },
  ],
  [
    'Equal, read by what no plan has',
    (graph) => {
      const x = graph.node('Sigmoid', [graph.input('x', IMAGE)]);
      graph.node('Mul', [x, peaks(graph, x)]);
      graph.node('LogicalNot', ['equal'], {T: {type: 'DT_BOOL'}});
    },
  ],
  [
    'Equal by itself, whose result is truth values',
    (graph) => {
      const x = graph.node('Sigmoid', [graph.input('x', IMAGE)]);
      peaks(graph, x);
    },
  ],
];

describe.each(sides)('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));
  test.each(ranked)('%s', async (_name, build) => {
    const model = await modelOf(build);
    const names = [...model.outputNodes, ...['top', 'equal'].filter((name) => hasNode(build, name))];
    expectSameClip(model, {engine}, {outputs: names, frames: 8});
    model.dispose();
  });
});

function hasNode(build: Case[1], name: string): boolean {
  const graph = new TfGraph();
  build(graph);
  return graph.artifacts().modelTopology.node.some((node) => node.name === name);
}

test('a row’s largest are found by the plan, and the rest of a tail by the model', async () => {
  await useBackend('cpu');
  expect(externals(graphOf(await modelOf(ranked[1][1])))).toContain('TopKV2');
});
