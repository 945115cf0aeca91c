/** The wrapped model, LayersModel or GraphModel, as the rest of this folder sees it. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {NamedTensorMap, Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {isPlainObject} from '../checks';
import type {DType, Graph, Shape} from '../graph';
import {
  computing,
  Face,
  GraphModelImporter,
  hasInitializer,
  importLayersModel,
  detached,
  own,
  type GraphInput,
} from '../importers';

/** What `model.predict` returns. */
export type Prediction = Tensor | Tensor[] | NamedTensorMap;

export interface ModelInput {
  readonly name: string;
  /** Other names that the model itself answers to. */
  readonly aliases?: readonly string[];
  /** With the batch axis; null where any size will do, and null for all where the model does not say. */
  readonly shape: readonly (number | null)[] | null;
  readonly dtype: DType;
}

/** Whether an input is meant by this name. */
export const answersTo = ({name, aliases}: ModelInput, other: string): boolean =>
  other === name || (aliases?.includes(other) ?? false);

/** What the model computes from values in its midst. */
export interface Fed {
  execute(outputs: readonly string[]): Tensor[];
  executeAsync(outputs: readonly string[]): Promise<Tensor[]>;
}

export interface Wrapped {
  readonly name: string;
  /** Counts the changes of the model itself (layers added, another topology loaded). `inputs` and `outputNames` follow. */
  revision(): number;
  /** Whether the model was disposed: then it alone can say what comes of that. */
  readonly isDisposed: boolean;
  readonly inputs: readonly ModelInput[];
  /** Names of the outputs computed when none are asked for. */
  readonly outputNames: readonly string[];
  /** Names of the variables that training may change. */
  trainable(): ReadonlySet<string>;
  /** Whether the model computes row by row, so that a batch may be taken apart. */
  readonly rowwise: boolean;
  /** Whether the model casts numbers of another dtype to that of its input; it rejects them where not. */
  readonly castsInputs: boolean;
  /** The graph for inputs of these shapes: without the batch axis where the model is row-wise. */
  graph(shapes: readonly Shape[], outputs: readonly string[]): Graph;
  /**
   * Finds out what of the graph has to be awaited.
   * @returns whether `graph` gives another one now
   */
  prepare(shapes: readonly Shape[], outputs: readonly string[]): Promise<boolean>;
  /** Whether the model has a node of this name, which a plan for other outputs, or one that was fused, may lack. */
  hasNode(name: string): boolean;
  /** The model fed by the names of nodes, some of which are none of its inputs; null where `x` is anything else. */
  fed(x: unknown): Fed | null;
  predict(inputs: Tensor[], outputs: readonly string[]): Tensor[];
  predictAsync(inputs: Tensor[], outputs: readonly string[]): Promise<Tensor[]>;
  /** What `model.predict` returns, of a model of one input. */
  predictOne(input: Tensor): Prediction;
  /** Outputs in the form `model.predict` returns them. */
  pack(outputs: Tensor[]): Prediction;
}

const asArray = (tensors: Tensor | Tensor[]): Tensor[] => (Array.isArray(tensors) ? tensors : [tensors]);

// By what they have, and not by their classes, of which a program may have several copies.

const hasMethods = (x: unknown, names: readonly string[]): boolean =>
  typeof x === 'object' &&
  x !== null &&
  names.every((name) => typeof (x as Readonly<Record<string, unknown>>)[name] === 'function');

/** Whether this is a tf.LayersModel whose inputs are known. */
export function isLayersModel(x: unknown): x is LayersModel {
  if (!hasMethods(x, ['predict', 'apply', 'getConfig'])) return false;
  const {layers, inputs} = x as Partial<LayersModel>;
  return Array.isArray(layers) && Array.isArray(inputs) && inputs.length > 0;
}

/** Whether this is a tf.GraphModel that is loaded. */
export function isGraphModel(x: unknown): x is GraphModel {
  if (!hasMethods(x, ['predict', 'execute', 'executeAsync'])) return false;
  try {
    const {inputs, outputNodes} = x as Partial<GraphModel>;
    return Array.isArray(inputs) && Array.isArray(outputNodes);
  } catch {
    // It is not loaded yet.
    return false;
  }
}

/** The type of an input as tfjs has it, whatever its own types say: undefined where the graph says none, null where tfjs does not know it. */
type GivenDType = string | null | undefined;

function dtypeOf(dtype: GivenDType): DType {
  return dtype === 'int32' || dtype === 'bool' ? dtype : 'float32';
}

export function wrapLayersModel(model: LayersModel): Wrapped {
  const predict = (inputs: Tensor[]) =>
    asArray(own(model, 'predict')(inputs.length === 1 ? inputs[0] : inputs));
  const ends = () => ({
    // A sequential model has its `inputNames` only once it is built; they are these.
    inputs: computing(model).inputs.map(({shape, dtype, sourceLayer}) => ({
      name: sourceLayer.name,
      shape,
      dtype: dtypeOf(dtype),
    })),
    outputNames: computing(model).outputs.map(({sourceLayer}) => sourceLayer.name),
  });
  let [face, revision] = [new Face(model), 0];
  const wrapped: Wrapped = {
    name: model.name,
    ...ends(),
    revision() {
      if (face.isCurrent) return revision;
      face = new Face(model);
      Object.assign(wrapped, ends());
      return ++revision;
    },
    get isDisposed() {
      return (model as unknown as LayersModelParts)._refCount === 0;
    },
    trainable: () => new Set(model.trainableWeights.map(({name}) => name)),
    rowwise: true,
    castsInputs: true,
    graph: (shapes) => importLayersModel(model, shapes),
    prepare: async () => false,
    hasNode: () => false,
    fed: () => null,
    predict,
    predictAsync: async (inputs) => predict(inputs),
    predictOne: (input) => own(model, 'predict')(input),
    pack: (outputs) => (outputs.length === 1 ? outputs[0] : outputs),
  };
  return wrapped;
}

/** What is read of a LayersModel beyond its public face. */
interface LayersModelParts {
  readonly _refCount: number;
}

/** The same model with some of its answers replaced: all others are its own, as they are whenever somebody asks. */
export const replacing = (wrapped: Wrapped, answers: Partial<Wrapped>): Wrapped =>
  Object.assign(Object.create(wrapped) as Wrapped, answers);

/** The same model, as if it had these outputs alone. */
export function showing(wrapped: Wrapped, outputNames: readonly string[]): Wrapped {
  const pack = (outputs: Tensor[]): Prediction => (outputs.length === 1 ? outputs[0] : outputs);
  const predictOne = (input: Tensor) => pack(wrapped.predict([input], outputNames));
  return replacing(wrapped, {outputNames, pack, predictOne});
}

/** What is read of a GraphModel beyond its public face. */
interface GraphModelParts {
  readonly structuredOutputKeys?: string[];
}

export function wrapGraphModel(model: GraphModel): Wrapped {
  let [importer, weights, revision] = [new GraphModelImporter(model), model.weights, 0];
  const ends = () => ({inputs: graphInputs(model, importer), outputNames: model.outputNodes});
  const named = (tensors: Tensor[]): NamedTensorMap =>
    Object.fromEntries(wrapped.inputs.map(({name}, i) => [name, tensors[i]]));
  const execute = (fed: NamedTensorMap, outputs: readonly string[]) => {
    checkAlive(wrapped);
    return detached(model, own(model, 'execute')(fed, [...outputs]), Object.values(fed));
  };
  // Where nothing has to be awaited, tfjs itself would have `execute` called, and says so on every call.
  const executeAsync = async (fed: NamedTensorMap, outputs: readonly string[]) => {
    if (!importer.waits) return execute(fed, outputs);
    checkAlive(wrapped);
    return detached(model, await own(model, 'executeAsync')(fed, [...outputs]), Object.values(fed));
  };
  const given = (shapes: readonly Shape[]): GraphInput[] =>
    wrapped.inputs.map(({name, dtype}, i) => ({name, dtype, shape: shapes[i]}));
  const pack = (outputs: Tensor[]): Prediction => {
    const keys = (model as unknown as GraphModelParts).structuredOutputKeys;
    if (keys) return Object.fromEntries(keys.map((key, i) => [key, outputs[i]]));
    return outputs.length === 1 ? outputs[0] : outputs;
  };
  const wrapped: Wrapped = {
    name: 'GraphModel',
    ...ends(),
    // What is loaded anew has a map of weights of its own.
    revision() {
      if (model.weights === weights) return revision;
      [importer, weights] = [new GraphModelImporter(model), model.weights];
      Object.assign(wrapped, ends());
      return ++revision;
    },
    get isDisposed() {
      for (const name in weights) return weights[name][0].isDisposed;
      return false;
    },
    trainable: () => new Set(),
    rowwise: false,
    castsInputs: false,
    graph: (shapes, outputs) => importer.graph(given(shapes), outputs),
    prepare: (shapes, outputs) => importer.prepare(given(shapes), outputs),
    hasNode: (name) => importer.hasNode(name),
    fed(x) {
      if (!isPlainObject(x)) return null;
      const names = Object.keys(x).filter((name) => !wrapped.inputs.some((input) => answersTo(input, name)));
      if (names.length === 0 || !names.every((name) => importer.hasNode(name.split(':')[0]))) return null;
      const values = x as NamedTensorMap;
      return {
        execute: (outputs) => execute(values, outputs),
        executeAsync: (outputs) => executeAsync(values, outputs),
      };
    },
    predict: (tensors, outputs) => execute(named(tensors), outputs),
    predictAsync: (tensors, outputs) => executeAsync(named(tensors), outputs),
    predictOne: (input) => pack(execute(named([input]), model.outputNodes)),
    pack,
  };
  return wrapped;
}

function graphInputs(model: GraphModel, importer: GraphModelImporter): ModelInput[] {
  return model.inputs
    .filter(({dtype}) => isGiven(dtype, model))
    .map(({name, shape, dtype}) => ({
      name,
      aliases: importer.aliases(name),
      shape: shape ? shape.map((side) => (side === null || side < 0 ? null : side)) : null,
      dtype: dtypeOf(dtype),
    }));
}

/** Whether an input is the caller's to give, as numbers. Tables are not: the model fills them, and tfjs does not know their type. */
const isGiven = (dtype: GivenDType, model: GraphModel): boolean =>
  dtype !== 'string' && dtype !== 'complex64' && (dtype !== null || !hasInitializer(model));

/** tfjs itself would fail on the way, in the terms of a backend. */
function checkAlive({isDisposed, name}: Wrapped): void {
  if (isDisposed)
    throw new Error(
      `The wrapped ${name} is disposed: its weights are gone. Load it anew, and wrap it again.`,
    );
}

/**
 * The input shapes of a model that has no sizes left open.
 * @param advice what to do where one is, for the error
 */
export function fixedShapes({inputs, rowwise}: Wrapped, advice: string): Shape[] {
  return inputs.map(({name, shape}) => {
    const sides = rowwise ? shape?.slice(1) : shape;
    if (sides?.every((side) => side !== null)) return sides;
    throw new Error(`The size of input '${name}' is open: ${advice}.`);
  });
}
