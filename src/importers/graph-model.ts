/** A tf.GraphModel as a graph: node by node where its topology can be read, and else as one node that runs all of it. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {Graph} from '../graph';
import {isAsyncOp} from './graph-ops';
import {readLate} from './graph/constants';
import {importNodes, type GraphInput} from './graph/importer';
import {NeedsProbe, type Probes} from './graph/probe';
import {readTopology, type Topology} from './graph/topology';
import {hasInitializer, wholeGraph} from './graph/whole';

type Model = Pick<
  GraphModel,
  'execute' | 'executeAsync' | 'outputNodes' | 'weights' | 'save' | 'modelSignature'
>;
type Signature = Readonly<
  Partial<Record<'inputs' | 'outputs', Readonly<Record<string, {readonly name?: string} | undefined>> | null>>
>;

/** Imports one model, for any inputs and outputs; it keeps what it found out about the model. */
export class GraphModelImporter {
  private readonly topology: Topology | null;
  private readonly probes: Probes = new Map();

  constructor(private readonly model: Model) {
    this.topology = topologyOf(model);
  }

  /**
   * The graph of the model.
   * @param outputs names of the nodes to compute; the model's own outputs by default
   */
  graph(inputs: readonly GraphInput[], outputs: readonly string[] = this.model.outputNodes): Graph {
    return this.byNodes(inputs, outputs) ?? wholeGraph(this.model, inputs, outputs);
  }

  /**
   * Finds out what has to be awaited before a graph can be had by nodes.
   * @returns whether anything was found out: the graph may be another one now
   */
  async prepare(inputs: readonly GraphInput[], outputs: readonly string[]): Promise<boolean> {
    for (let found = false; ; found = true) {
      try {
        this.nodes(inputs, outputs);
        if (!(await readLate(this.model))) return found;
      } catch (error) {
        if (error instanceof NeedsProbe) await error.run();
        else if (!(await readLate(this.model))) return found;
      }
    }
  }

  /** Whether the model may have to be awaited; taken to be so where its ops cannot all be seen. */
  get waits(): boolean {
    return this.topology === null || [...this.topology.values()].some(({op}) => isAsyncOp(op));
  }

  /** Whether the model has a node of this name, or one that this is a part of. */
  hasNode(name: string): boolean {
    const topology = this.topology ?? new Map<string, unknown>();
    return topology.has(name) || topology.has(name.replace(/\/[^/]*$/, ''));
  }

  /** Other names that the model answers to for an input: its node's, and the keys that the signature has for it. */
  aliases(input: string): string[] {
    const nodeOf = (name: string) => this.nodeName('inputs', name).split(':')[0];
    const node = nodeOf(input);
    const {inputs} = (this.model.modelSignature ?? {}) as Signature;
    const keys = Object.keys(inputs ?? {}).filter((key) => nodeOf(key) === node);
    return [...new Set([...keys, node, `${node}:0`])].filter((name) => name !== input);
  }

  private byNodes(inputs: readonly GraphInput[], outputs: readonly string[]): Graph | null {
    try {
      return this.nodes(inputs, outputs);
    } catch {
      // Whatever is odd about the model, it computes itself, or says what is wrong with it.
      return null;
    }
  }

  private nodes(inputs: readonly GraphInput[], outputs: readonly string[]): Graph | null {
    if (!this.topology) return null;
    const {model, topology, probes} = this;
    const own = inputs.map((input) => ({...input, name: this.nodeName('inputs', input.name)}));
    const names = outputs.map((name) => this.nodeName('outputs', name));
    return importNodes(model, topology, own, names, probes);
  }

  /** The node behind a name of the model's signature, where it has one; others are nodes' own names. */
  private nodeName(side: 'inputs' | 'outputs', name: string): string {
    const signature = this.model.modelSignature as Signature | undefined;
    const named = signature?.[side] ?? {};
    return (Object.hasOwn(named, name) ? named[name]?.name : undefined) ?? name;
  }
}

/** Null where it cannot be read, or what tfjs computes is not what the topology says: tables are filled beforehand. */
function topologyOf(model: Model): Topology | null {
  if (hasInitializer(model)) return null;
  try {
    return readTopology(model);
  } catch {
    return null;
  }
}
