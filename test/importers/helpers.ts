/** Models with random weights, random inputs for them, and the comparison of a graph with its model. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  model as modelOf,
  type LayersModel,
  type SymbolicTensor,
  type layers,
} from '@tensorflow/tfjs-layers';
import type {Graph, Node, Shape} from '../../src/graph';
import {importLayersModel} from '../../src/importers';
import {interpret} from './interpret';

/** Numbers from -1 to 1 that are the same in every run, and of no relation to those of another seed. */
export function numbers(count: number, seed = 1): Float32Array {
  return Float32Array.from({length: count}, (_, i) => {
    let bits = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 31 - 1;
  });
}

/** Gives every weight of a model random numbers; variances are positive, as they are in life. */
export function randomize(model: LayersModel, seed = 1): void {
  tf.tidy(() => {
    model.weights.forEach((weight, i) => {
      const shape = weight.shape as number[];
      const values = numbers(tf.util.sizeFromShape(shape), seed + 31 * i);
      const positive = weight.name.includes('variance');
      weight.write(tf.tensor(positive ? values.map((value) => 0.6 + 0.5 * value) : values, shape));
    });
  });
}

/** The shapes of a model's inputs; a side that is open is `open` long. */
export function shapesOf(model: LayersModel, open = 5): Shape[] {
  return model.inputs.map(({shape}) => shape.slice(1).map((side) => side ?? open));
}

export function frameFor(model: LayersModel, shapes: readonly Shape[], seed = 7): tf.Tensor[] {
  return model.inputs.map(({dtype}, i) => {
    const values = numbers(tf.util.sizeFromShape([...shapes[i]]), seed + i).map((value) => value * 2);
    const whole = values.map((value) => Math.floor(Math.abs(value) * 1.5));
    return tf.tensor(dtype === 'int32' ? whole : values, [1, ...shapes[i]], dtype);
  });
}

/** Shapes as a table writes them: `4 5 2, ? 3` is [4, 5, 2] and [open, 3]. */
export function shapesIn<Side extends number | null = number>(text: string): Side[][] {
  return text
    .split(', ')
    .map((shape) => shape.split(' ').map((side) => (side === '?' ? null : Number(side)) as Side));
}

/** A model of one layer. */
export function single(layer: layers.Layer, ...shapes: (number | null)[][]): LayersModel {
  const inputs = shapes.map((shape) => input({shape}));
  const outputs = layer.apply(inputs.length === 1 ? inputs[0] : inputs) as SymbolicTensor;
  return modelOf({inputs, outputs});
}

/** Imports a model with random weights and expects its graph to compute what the model predicts. */
export function expectSame(model: LayersModel, shapes = shapesOf(model), seed = 1): Graph {
  randomize(model, seed);
  const graph = importLayersModel(model, shapes);
  expectWellFormed(graph);
  tf.tidy(() => {
    const frame = frameFor(model, shapes, seed);
    const expected = [model.predict(frame.length === 1 ? frame[0] : frame)].flat();
    expectClose(interpret(graph, frame), expected);
    expected.forEach(({shape, dtype}, i) => {
      const value = graph.values[graph.outputs[i]];
      expect([1, ...value.shape!]).toEqual(shape);
      expect(value.dtype).toBe(dtype);
    });
  });
  return graph;
}

/** Within 1e-5 of the largest magnitude. */
export function expectClose(
  actual: readonly tf.Tensor[],
  expected: readonly tf.Tensor[],
  tolerance = 1e-5,
): void {
  expect(actual.map(({shape}) => shape)).toEqual(expected.map(({shape}) => shape));
  actual.forEach((tensor, i) => {
    const [a, b] = [tensor.dataSync(), expected[i].dataSync()];
    let [error, largest] = [0, 0];
    b.forEach((value, k) => {
      error = Math.max(error, Math.abs(value - a[k]));
      largest = Math.max(largest, Math.abs(value));
    });
    expect(Number.isFinite(largest)).toBe(true);
    expect(error).toBeLessThanOrEqual(tolerance * largest);
  });
}

/** Ids are dense, nodes come after what they read, nothing is left over, and names are each their own. */
export function expectWellFormed(graph: Graph): void {
  const known = new Set(graph.inputs);
  graph.values.forEach(({id}, i) => expect(id).toBe(i));
  graph.nodes.forEach((node, i) => {
    expect(node.id).toBe(i);
    node.inputs.forEach((id) => expect(known).toContain(id));
    node.outputs.forEach((id) => known.add(id));
    Object.values(node.weights).forEach((slot) => expect(graph.weights[slot]).toBeDefined());
  });
  graph.outputs.forEach((id) => expect(known).toContain(id));
  expect(known.size).toBe(graph.values.length);
  const names = graph.nodes.flatMap(({name, aliases}) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
  const read = new Set([...graph.nodes.flatMap(({inputs}) => inputs), ...graph.outputs]);
  graph.nodes.forEach(({outputs}) => expect(outputs.some((id) => read.has(id))).toBe(true));
}

export function kinds(graph: Graph): string[] {
  return graph.nodes.map(({op}) => op.kind);
}

export function nodeNamed(graph: Graph, name: string): Node {
  const node = graph.nodes.find((candidate) => candidate.name === name);
  if (!node) throw new Error(`No node '${name}' among ${graph.nodes.map((other) => other.name).join(', ')}.`);
  return node;
}
