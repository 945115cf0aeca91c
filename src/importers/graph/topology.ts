/**
 * A GraphModel's topology as plain data: nodes, what they read, their attributes decoded. Read through the model's own
 * `save`, which hands it over at once. Nothing is interpreted here.
 */
import type {io} from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';

/** One output of a node. */
export interface TfRef {
  readonly node: string;
  readonly output: number;
}

export interface TfNode {
  readonly name: string;
  readonly op: string;
  /** What it reads, without control dependencies. */
  readonly inputs: readonly TfRef[];
  readonly attributes: Attributes;
}

export type Topology = ReadonlyMap<string, TfNode>;

/** An attribute as the JSON of a topology holds it. Numbers may be strings, strings base64 or lists of char codes. */
interface RawAttribute {
  readonly s?: string | readonly number[];
  readonly i?: string | number;
  readonly f?: string | number;
  readonly b?: boolean;
  readonly type?: string | number;
  readonly list?: {
    readonly s?: readonly (string | readonly number[])[];
    readonly i?: readonly (string | number)[];
    readonly f?: readonly (string | number)[];
  };
}

interface RawNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, RawAttribute>>;
}

const text = (value: string | readonly number[]): string =>
  typeof value === 'string' ? atob(value) : String.fromCharCode(...value);

/** The attributes of a node by name, with the defaults that TensorFlow gives to those left out. */
export class Attributes {
  constructor(private readonly raw: Readonly<Record<string, RawAttribute>>) {}

  string(name: string, fallback = ''): string {
    const value = this.raw[name]?.s;
    return value === undefined ? fallback : text(value);
  }

  number(name: string, fallback: number): number {
    const {f, i} = this.raw[name] ?? {};
    return f === undefined && i === undefined ? fallback : Number(f ?? i);
  }

  boolean(name: string, fallback = false): boolean {
    return this.raw[name]?.b ?? fallback;
  }

  /** A dtype as TensorFlow writes it: `DT_FLOAT`. */
  type(name: string): string {
    return String(this.raw[name]?.type ?? '');
  }

  strings(name: string): string[] {
    return (this.raw[name]?.list?.s ?? []).map(text);
  }

  numbers(name: string): number[] {
    const {i, f} = this.raw[name]?.list ?? {};
    return (i ?? f ?? []).map(Number);
  }

  /** The same attributes but for these: lists of whole numbers, and strings. */
  with(changes: Readonly<Record<string, readonly number[] | string>>): Attributes {
    const entries = Object.entries(changes).map(([name, value]): [string, RawAttribute] => [
      name,
      typeof value === 'string' ? {s: btoa(value)} : {list: {i: value}},
    ]);
    return new Attributes({...this.raw, ...Object.fromEntries(entries)});
  }
}

function refOf(input: string): TfRef {
  const [node, output = '0'] = input.split(':');
  return {node, output: Number(output)};
}

function nodeOf({name, op, input = [], attr = {}}: RawNode): TfNode {
  const inputs = input.filter((ref) => !ref.startsWith('^')).map(refOf);
  return {name, op, inputs, attributes: new Attributes(attr)};
}

/**
 * The nodes of a model by name.
 * @returns null where the topology cannot be had, or is not all there: functions, reads of nodes that are missing
 */
export function readTopology(model: Pick<GraphModel, 'save'>): Topology | null {
  const graph = topologyOf(model);
  if (!graph || !Array.isArray(graph.node) || (graph.library?.function?.length ?? 0) > 0) return null;
  const nodes = new Map(graph.node.map((raw) => [raw.name, nodeOf(raw)]));
  const isWhole = [...nodes.values()].every(({inputs}) => inputs.every(({node}) => nodes.has(node)));
  return isWhole && nodes.size === graph.node.length ? nodes : null;
}

interface RawGraph {
  readonly node?: readonly RawNode[];
  readonly library?: {readonly function?: readonly unknown[]};
}

function topologyOf(model: Pick<GraphModel, 'save'>): RawGraph | null {
  let topology: RawGraph | null = null;
  const handler: io.IOHandler = {
    save(artifacts: io.ModelArtifacts) {
      topology = artifacts.modelTopology as RawGraph;
      return Promise.resolve({modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}});
    },
  };
  if (typeof model.save !== 'function') return null;
  // It calls the handler before it waits for anything; what it says of failure is not needed.
  model.save(handler).catch(() => undefined);
  return topology;
}
