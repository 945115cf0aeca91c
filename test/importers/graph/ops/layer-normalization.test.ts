/** Layer normalization, which graphs have in several nodes: in all of its forms, and what comes near it and is none. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {useBackend} from '../../../backends';
import {FORMS, layerNormalized, type LayerNormalized} from '../layer-normalized';
import {expectSameClip, graphOf} from '../playing';
import {TfGraph} from '../tf-graph';
import {specify, type Case} from './specify';

const IMAGE = [1, 4, 5, 3];

const normalized =
  (given: LayerNormalized, shape = IMAGE): Case[1] =>
  (graph) =>
    void layerNormalized(graph, graph.input('x', shape), given);

/** Channels first, before and after. */
const turned = (given: LayerNormalized): Case[1] =>
  function build(graph) {
    const x = graph.node('Transpose', [graph.input('x', IMAGE), graph.integers([0, 3, 1, 2])]);
    graph.node('Transpose', [layerNormalized(graph, x, given), graph.integers([0, 2, 3, 1])]);
  };

const cases: Case[] = [
  ...FORMS.flatMap((form) =>
    [false, true].flatMap((swaps): Case[] => {
      const name = `${form}${swaps ? ', the other way around' : ''}`;
      return [
        [name, normalized({form, swaps})],
        [`${name}, without gamma`, normalized({form, swaps, gamma: null})],
        [`${name}, without beta`, normalized({form, swaps, beta: null})],
        [`${name}, without either`, normalized({form, swaps, gamma: null, beta: null})],
      ];
    }),
  ),
  ['constants of full rank', normalized({gamma: [1, 1, 1, 3], beta: [1, 1, 3], epsilonShape: [1, 1]})],
  ['constants of one number', normalized({gamma: [], beta: [1]})],
  ['the axis by its number', normalized({axis: 3})],
  ['Add', normalized({sum: 'Add'})],
  ['another epsilon', normalized({epsilon: 0.3})],
  ['a vector', normalized({gamma: [9], beta: [9]}, [1, 9])],
  ['steps', normalized({gamma: [4], beta: [4]}, [1, 6, 4])],
  ['many channels', normalized({gamma: [37], beta: [37]}, [1, 3, 2, 37])],
  ['channels first', turned({axis: 1, gamma: [3, 1, 1], beta: [1, 3, 1, 1]})],
];

specify(cases);

async function kindsOf(build: Case[1], plays = true): Promise<string[]> {
  const graph = new TfGraph();
  build(graph);
  const model: GraphModel = await graph.load();
  if (plays) expectSameClip(model, {}, {frames: 3});
  const kinds = graphOf(model).nodes.map(({op}) => op.kind as string);
  model.dispose();
  return kinds;
}

/** So that the plan has something where the model computes the rest. */
const beside =
  (given: (graph: TfGraph, x: string) => LayerNormalized, shape = IMAGE): Case[1] =>
  (graph) => {
    const x = graph.node('Tanh', [graph.input('x', shape)]);
    graph.named('output', 'Identity', [layerNormalized(graph, x, given(graph, x))]);
  };

describe('in one node', () => {
  beforeAll(() => useBackend('cpu'));
  test.each(cases.filter(([name]) => !name.startsWith('channels')))('%s', async (_name, build) => {
    expect(await kindsOf(build)).toEqual(['layerNormalization']);
  });
  test('epsilon, gamma and beta are the graph’s', async () => {
    const graph = new TfGraph();
    normalized({epsilon: 0.25})(graph);
    const model = await graph.load();
    const {nodes, weights} = graphOf(model);
    expect(nodes[0].op).toEqual({kind: 'layerNormalization', epsilon: 0.25});
    expect(Object.keys(nodes[0].weights)).toEqual(['gamma', 'beta']);
    expect(weights.map(({shape}) => shape)).toEqual([[3], [3]]);
    model.dispose();
  });
});

describe('near misses are computed as they are', () => {
  beforeAll(() => useBackend('cpu'));
  test('what is none of them is one', async () => {
    expect(await kindsOf(beside(() => ({})))).toContain('layerNormalization');
  });
  const none: readonly (readonly [string, Case[1]])[] = [
    ['over the rows', beside(() => ({axis: 1, gamma: [], beta: []}))],
    ['gamma a pixel', beside(() => ({gamma: [4, 5, 3]}))],
    ['beta a row', beside(() => ({beta: [4, 1, 3]}))],
    ['epsilon a channel', beside(() => ({epsilonShape: [3]}))],
    ['epsilon of more axes', beside(() => ({epsilonShape: [1, 1, 1, 1, 1], gamma: [], beta: []}))],
    ['a square root', beside(() => ({root: 'Sqrt'}))],
    ['the axis dropped', beside(() => ({keeps: false, gamma: [], beta: []}), [1, 3, 3])],
    ['squares of something else', beside((g, x) => ({squared: (mean) => [g.node('Relu', [x]), mean]}))],
    ['squares from something else', beside((g, x) => ({squared: () => [x, g.node('Relu', [x])]}))],
    ['another mean', beside((g) => ({shifted: (mean, factor) => [g.node('Neg', [mean]), factor]}))],
    ['another factor', beside((g) => ({shifted: (mean, factor) => [mean, g.node('Mul', [factor, factor])]}))],
    [
      'x less what was there',
      (graph) => {
        const x = graph.node('Tanh', [graph.input('x', IMAGE)]);
        const y = graph.node('Relu', [x]);
        const mean = graph.node('Mean', [y, graph.integers([-1])], {keep_dims: true});
        layerNormalized(graph, x, {squared: () => [y, mean], shifted: (_mean, factor) => [mean, factor]});
      },
    ],
  ];
  test.each(none)('%s', async (_name, build) => {
    expect(await kindsOf(build)).not.toContain('layerNormalization');
  });
});

test('what somebody else reads of it is there for them as well', async () => {
  await useBackend('cpu');
  const graph = new TfGraph();
  const x = graph.node('Tanh', [graph.input('x', IMAGE)]);
  layerNormalized(graph, x, {
    shifted(mean, factor) {
      graph.named('mean', 'Identity', [mean]);
      return [mean, factor];
    },
  });
  const model = await graph.load();
  expectSameClip(model, {}, {outputs: [...model.outputNodes, 'mean']});
  model.dispose();
});
