/** TensorFlow graphs written in code, and the GraphModels that tfjs loads from them. Not a test. */
import * as tf from '@tensorflow/tfjs-core';
import {loadGraphModel, type GraphModel} from '@tensorflow/tfjs-converter';
import {numbers} from '../helpers';

/** An attribute: text, a list of text or whole numbers, a whole number, a flag; a float or a dtype as objects. */
export type Attribute =
  | string
  | boolean
  | number
  | readonly string[]
  | readonly number[]
  | {readonly float: number}
  | {readonly type: string};

/** A node as the JSON of a model has it. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, object>>;
}

/** What the loader reads of a model, and its topology may be spoilt. */
export interface Artifacts extends tf.io.ModelArtifacts {
  modelTopology: {node: NodeDef[]; versions: object; library: object};
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const isTexts = (list: readonly (string | number)[]): list is readonly string[] =>
  typeof list[0] === 'string';

export function encode(attribute: Attribute): object {
  if (typeof attribute === 'string') return {s: base64(attribute)};
  if (typeof attribute === 'boolean') return {b: attribute};
  if (typeof attribute === 'number') return {i: String(attribute)};
  if ('float' in attribute) return {f: attribute.float};
  if ('type' in attribute) return {type: attribute.type};
  return {list: isTexts(attribute) ? {s: attribute.map(base64)} : {i: attribute.map(String)}};
}

export const FLOAT = {type: 'DT_FLOAT'};
export const INT32 = {type: 'DT_INT32'};

/** Builds a graph node by node; each call gives the name that later nodes read by. */
export class TfGraph {
  private readonly nodes: NodeDef[] = [];
  private readonly weights: {name: string; shape: number[]; dtype: 'float32' | 'int32'; data: ArrayBuffer}[] =
    [];

  /** @param shape -1 for sides that are open */
  input(name: string, shape: readonly number[], dtype = FLOAT): string {
    const dim = shape.map((size) => ({size: String(size)}));
    this.nodes.push({name, op: 'Placeholder', attr: {dtype, shape: {shape: {dim}}}});
    return name;
  }

  node(op: string, input: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.named(this.nameFor(op), op, input, attributes);
  }

  named(
    name: string,
    op: string,
    input: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const attr: Record<string, object> = {T: FLOAT};
    for (const [key, value] of Object.entries(attributes)) attr[key] = encode(value);
    this.nodes.push({name, op, input, attr});
    return name;
  }

  /** A constant of float32; random numbers where no values are given. */
  floats(shape: readonly number[], values?: ArrayLike<number>): string {
    const size = tf.util.sizeFromShape([...shape]);
    const data = Float32Array.from(values ?? numbers(size, 11 + this.weights.length));
    return this.weight(shape, 'float32', data);
  }

  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.weight(shape, 'int32', Int32Array.from(values));
  }

  artifacts(): Artifacts {
    const bytes = Buffer.concat(this.weights.map(({data}) => Buffer.from(data)));
    return {
      modelTopology: {node: structuredClone(this.nodes), versions: {producer: 1}, library: {}},
      weightSpecs: this.weights.map(({name, shape, dtype}) => ({name, shape, dtype})),
      weightData: Uint8Array.from(bytes).buffer,
    };
  }

  load(): Promise<GraphModel> {
    return loadGraphModel(tf.io.fromMemory(this.artifacts()));
  }

  private weight(shape: readonly number[], dtype: 'float32' | 'int32', data: Float32Array | Int32Array) {
    const name = this.nameFor('Const');
    this.nodes.push({name, op: 'Const', attr: {dtype: dtype === 'int32' ? INT32 : FLOAT}});
    this.weights.push({name, shape: [...shape], dtype, data: data.buffer as ArrayBuffer});
    return name;
  }

  private nameFor(op: string): string {
    return `${op}_${this.nodes.length}`;
  }
}

/** The attributes of a convolution or a pool, those left out as they are most often. */
export function windowed(attributes: Readonly<Record<string, Attribute>> = {}): Record<string, Attribute> {
  return {
    strides: [1, 1, 1, 1],
    dilations: [1, 1, 1, 1],
    padding: 'SAME',
    data_format: 'NHWC',
    ...attributes,
  };
}
