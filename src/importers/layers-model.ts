/**
 * A tf.LayersModel, or one layer, as a graph. Layers that the graph knows become its ops, models inside of the model
 * are taken apart, and any other layer becomes a node that computes itself.
 */
import type {layers, LayersModel, LayerVariable, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {GraphBuilder, type DType, type Graph, type Shape, type ValueId, type Weight} from '../graph';
import {builtInName, isPlainModel} from './built-in';
import {emitExternal, givesNothing} from './external';
import {computing} from './face';
import {fuse} from './fuse';
import {inputRanks, type LayerUse} from './layers/use';
import {makesMask} from './masks';
import {behaviourOf, behaviourOfModel} from './purity';
import {plainLayer} from './reuse-layer';
import {layersByName} from './table';

type Layer = layers.Layer;

/** What all layers of a model are imported with. */
type Context = Pick<LayerUse, 'graph' | 'slot' | 'importInner'>;

/**
 * The graph of a model.
 * @param inputShapes one for each of the model's inputs, without the batch axis, every side known
 */
export function importLayersModel(model: LayersModel, inputShapes: readonly Shape[]): Graph {
  checkInputs(model, inputShapes);
  const all = layersWithin(computing(model));
  const graph = new GraphBuilder(new Set(all.map(({name}) => name)));
  const inputs = computing(model).inputs.map(({sourceLayer, dtype}, i) =>
    graph.input(sourceLayer.name, inputShapes[i], graphDType(sourceLayer.name, dtype)),
  );
  const context = contextOf(graph);
  const outputs = all.some((layer) => makesMask(plainLayer(layer)))
    ? importWhole(model, all, {...context, layer: model, name: model.name, inputs})
    : importModel(model, inputs, context);
  return fuse(graph.build(outputs));
}

/** The graph of one layer, which must have been built. Its inputs are named `input`, `input_1` and so on. */
export function importLayer(layer: Layer, inputShapes: readonly Shape[]): Graph {
  const within = isPlainModel(layer) ? layersWithin(layer) : [layer];
  const graph = new GraphBuilder(new Set(within.map(({name}) => name)));
  const inputs = inputShapes.map((shape) => graph.input('input', shape));
  const use = {...contextOf(graph), layer, name: layer.name, inputs};
  return fuse(graph.build(importUse(use, outputCount(layer))));
}

/** Adds a model's layers as far as its outputs need them. */
function importModel(given: LayersModel, inputs: readonly ValueId[], context: Context): ValueId[] {
  const model = computing(given);
  const values = new Map<SymbolicTensor, ValueId>(model.inputs.map((tensor, i) => [tensor, inputs[i]]));
  const valueOf = (tensor: SymbolicTensor): ValueId => {
    const value = values.get(tensor);
    if (value !== undefined) return value;
    const layer = tensor.sourceLayer;
    const {inputTensors, outputTensors} = layer.inboundNodes[tensor.nodeIndex];
    const use = {...context, layer, name: layer.name, inputs: inputTensors.map(valueOf)};
    const outputs = importUse(use, outputTensors.length);
    outputTensors.forEach((output, i) => values.set(output, outputs[i]));
    return outputs[tensor.tensorIndex];
  };
  return model.outputs.map(valueOf);
}

/** Adds one use of a layer. */
function importUse(given: LayerUse, outputs: number): ValueId[] {
  const layer = plainLayer(given.layer);
  const use = {...given, layer};
  if (isPlainModel(layer)) return importModel(layer, use.inputs, use);
  const output = imported(use);
  return output === null ? emitExternal(use, layer, behaviourOf(layer, inputRanks(use)), outputs) : [output];
}

/** The output of a layer that becomes ops of the graph; null where it computes itself. */
function imported(use: LayerUse): ValueId | null {
  const name = builtInName(use.layer);
  const known = name === null ? undefined : layersByName.get(name);
  if (known === undefined) return null;
  const values = use.inputs.map((id) => use.graph.value(id));
  // What computes nothing does not care for the dtype; all else that the graph knows computes in float32.
  const fits = values.every(
    ({shape, dtype}) => shape !== null && (dtype === 'float32' || known.kind === 'reshape'),
  );
  if (!fits || givesNothing(use)) return null;
  try {
    return known.importer(use);
  } catch {
    // What the graph rejects, such as a window that is larger than a plane, is the layer's to compute, or to reject.
    return null;
  }
}

/** Adds the model as one node that runs all of it. */
function importWhole(model: LayersModel, all: readonly Layer[], use: LayerUse): ValueId[] {
  // A Sequential model knows its layers' order, and so its shapes, only once it is built.
  if (!model.built) model.build([]);
  return emitExternal(use, model, behaviourOfModel(all), computing(model).outputs.length);
}

/** All layers of a model and of the models inside of it. */
function layersWithin(model: LayersModel): Layer[] {
  return model.layers.flatMap((layer) => {
    const plain = plainLayer(layer);
    return isPlainModel(plain) ? layersWithin(computing(plain)) : [layer];
  });
}

function contextOf(graph: GraphBuilder): Context {
  const slots = new Map<LayerVariable, number>();
  const slot = (variable: LayerVariable) => {
    const known = slots.get(variable) ?? graph.weight(weightOf(variable));
    slots.set(variable, known);
    return known;
  };
  return {graph, slot, importInner: importLayer};
}

function weightOf(variable: LayerVariable): Weight {
  return {name: variable.name, shape: variable.shape as number[], read: () => variable.read()};
}

/** How many results a layer gives outside of a model, as far as a use of it tells. */
function outputCount(layer: Layer): number {
  return layer.inboundNodes[0]?.outputTensors.length ?? 1;
}

function checkInputs(model: LayersModel, shapes: readonly Shape[]): void {
  const {name} = model;
  const {inputs, outputs} = computing(model);
  if (outputs.length === 0)
    throw new Error(`Model '${name}' is empty. Expected a model with at least one layer.`);
  if (shapes.length !== inputs.length) {
    throw new Error(`Model '${name}' has ${inputs.length} inputs, but was given ${shapes.length} shapes.`);
  }
  inputs.forEach(({sourceLayer, shape: [, ...sides]}, i) => {
    const shape = shapes[i];
    const fits =
      sides.length === shape.length && sides.every((side, k) => side === null || side === shape[k]);
    if (fits && shape.every((side) => Number.isInteger(side) && side > 0)) return;
    throw new Error(
      `Input '${sourceLayer.name}' of model '${name}' was given the shape [${shape.join(', ')}]. ` +
        `Expected [${sides.map((side) => side ?? 'any').join(', ')}], without the batch axis.`,
    );
  });
}

function graphDType(name: string, dtype: string): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new Error(`Input '${name}' has the dtype ${dtype}. Expected float32, int32 or bool.`);
}
