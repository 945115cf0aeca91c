/** Multiply-adds of a graph model, counted from its topology and the shapes of a dense run: an oracle for plans. Not a test. */
import type * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {readTopology, type TfNode} from '../../../src/importers/graph/topology';

const PRODUCTS = new Set([
  'Conv2D',
  '_FusedConv2D',
  'DepthwiseConv2dNative',
  'FusedDepthwiseConv2dNative',
  'Conv2DBackpropInput',
  'MatMul',
  '_FusedMatMul',
]);

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** Of all convolutions and products by a weight that the model's own outputs depend on. */
export async function macsOf(model: GraphModel, frame: tf.NamedTensorMap): Promise<number> {
  const nodes = productsIn(model);
  const read = nodes.map((node) => (node.op === 'Conv2DBackpropInput' ? node.inputs[2].node : node.name));
  const tensors = [await model.executeAsync(frame, read)].flat();
  const macs = nodes.reduce((sum, node, i) => sum + macsAt(node, tensors[i].shape, model), 0);
  tensors.forEach((tensor) => tensor.dispose());
  return macs;
}

/** The nodes behind a model's outputs, in their order. */
export function nodeNamesOf(model: GraphModel): string[] {
  const signature = model.modelSignature as
    {outputs?: Record<string, {name?: string} | undefined>} | undefined;
  return model.outputNodes.map((name) => signature?.outputs?.[name]?.name ?? name);
}

function productsIn(model: GraphModel): TfNode[] {
  const topology = readTopology(model)!;
  const needed = new Set<string>();
  const open = nodeNamesOf(model).map((name) => name.split(':')[0]);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    open.push(...topology.get(name)!.inputs.map(({node}) => node));
  }
  return [...needed]
    .map((name) => topology.get(name)!)
    .filter(({op, inputs}) => PRODUCTS.has(op) && weightOf(model, inputs[1].node) !== null);
}

function weightOf({weights}: GraphModel, name: string): readonly number[] | null {
  return (weights[name]?.[0] as tf.Tensor | undefined)?.shape ?? null;
}

/** @param shape of the result; of what is read, for convolutions backwards */
function macsAt({op, inputs, attributes}: TfNode, shape: readonly number[], model: GraphModel): number {
  const filter = weightOf(model, inputs[1].node)!;
  if (op.endsWith('MatMul')) {
    const depth = filter[attributes.boolean('transpose_b') ? 1 : 0];
    return sizeOf(shape) * depth;
  }
  const [height, width, a] = filter;
  const isDepthwise = op.includes('Depthwise');
  return sizeOf(shape) * height * width * (isDepthwise ? 1 : a);
}
