/**
 * A GraphModel's topology as plain data: nodes, what they read, their attributes decoded. Read through the model's own
 * `save`, which hands it over at once. Nothing is interpreted here.
 */
import type {io} from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {Attributes, type RawAttribute} from './attributes';

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
  /** Nodes that have to run before it. */
  readonly dependencies: readonly string[];
  readonly attributes: Attributes;
}

export type Topology = ReadonlyMap<string, TfNode>;

interface RawNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, RawAttribute>>;
}

/** What a name is of. Names of more parts tfjs reads in a way of its own: their output is NaN here. */
export function refOf(name: string): TfRef {
  const [node, output = '0', ...others] = name.split(':');
  return {node, output: others.length === 0 ? Number(output) : NaN};
}

const isDependency = (ref: string): boolean => ref.startsWith('^');

/** Dependencies come last: tfjs counts them as inputs. */
function isOrdered({input = []}: RawNode): boolean {
  const first = input.findIndex(isDependency);
  return first < 0 || input.slice(first).every(isDependency);
}

function nodeOf({name, op, input = [], attr = {}}: RawNode): TfNode {
  const dependencies = input.filter(isDependency).map((ref) => ref.slice(1));
  const inputs = input.filter((ref) => !isDependency(ref)).map(refOf);
  return {name, op, inputs, dependencies, attributes: new Attributes(attr)};
}

/**
 * The nodes of a model by name.
 * @returns null where the topology cannot be had, or is not all there: functions, reads of nodes and outputs that are missing,
 *   dependencies among inputs
 */
export function readTopology(model: Pick<GraphModel, 'save'>): Topology | null {
  const graph = topologyOf(model);
  if (!graph || !Array.isArray(graph.node) || (graph.library?.function?.length ?? 0) > 0) return null;
  const nodes = new Map(graph.node.map((raw) => [raw.name, nodeOf(raw)]));
  const isThere = ({node, output}: TfRef): boolean => {
    const read = nodes.get(node);
    // What is fed has one output. Which others there are, only their ops know.
    return read !== undefined && Number.isInteger(output) && (output === 0 || read.op !== 'Placeholder');
  };
  const isWhole = [...nodes.values()].every(
    ({inputs, dependencies}) => inputs.every(isThere) && dependencies.every((node) => nodes.has(node)),
  );
  return isWhole && nodes.size === graph.node.length && graph.node.every(isOrdered) ? nodes : null;
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
