/** One frame on its way through the nodes: each computes what its inputs' changes reach, and tells what of it changed. */
import * as tf from '@tensorflow/tfjs-core';
import {isImpure, planeOf, type AwaitedOp, type ExternalOp, type Graph, type Node} from '../../../graph';
import {Region} from '../../../region';
import type {CompileOptions} from '../../engine';
import {tolerancesOf} from '../../shared/thresholds';
import {externalInputs, storeOutput} from './external';
import type {RollbackLog, Memory, Tolerance} from '../memory/memory';
import {opOf} from '../ops';
import type {Update} from '../ops/op';
import {affectedBy, noRegions} from '../step/reach';
import type {NodeTrace} from './report';
import type {Slots} from '../state/slots';
import type {PortableState} from '../state/state';
import {Step, type Operand} from '../step/step';
import type {PortableRecording} from '../training/recording';
import type {PreparedWeights} from '../state/weights';

/** Who is told what a frame overwrites. */
export interface Monitors {
  readonly rollbackLog: RollbackLog | null;
  readonly recording: PortableRecording | null;
}

/** What all passes of a program work with. */
export interface Workplace {
  readonly graph: Graph;
  readonly memory: Memory;
  readonly weights: PreparedWeights;
  readonly slots: Slots;
  readonly thresholds: CompileOptions['thresholds'];
}

export class Pass {
  /** What changed of each value so far. */
  readonly regions: Region[];
  readonly traces: NodeTrace[] = [];

  /** @param full whether everything is computed */
  constructor(
    private readonly place: Workplace,
    readonly state: PortableState,
    private readonly full: boolean,
    private readonly monitors: Monitors,
  ) {
    this.regions = noRegions(place.graph);
  }

  mustRun(node: Node): boolean {
    return this.full || isImpure(node) || node.inputs.some((id) => !this.regions[id].isEmpty);
  }

  /** @param given what an external node was found to give, where that had to be awaited */
  run(node: Node, given: tf.Tensor[] | null = null): void {
    const {graph} = this.place;
    const changed = node.inputs.map((id) => this.regions[id]);
    const {update} = opOf(node.op);
    if (update === 'view') {
      this.regions[node.outputs[0]] = affectedBy(graph, node, changed);
      return;
    }
    const trace: NodeTrace = {node, changed, affected: null, computed: 0, written: null, ms: 0};
    this.traces.push(trace);
    if (!this.mustRun(node)) return;
    const start = performance.now();
    if (update === 'itself') this.runExternal(node as Node<ExternalOp>, trace, given);
    else this.runComputed(node, update, trace);
    trace.ms = performance.now() - start;
  }

  /** A node that has to wait for its results, on what the nodes before it have made of the frame. */
  async runAwaited(node: Node<AwaitedOp>): Promise<void> {
    const inputs = tf.tidy(() => this.inputsOf(node).map((x) => this.place.memory.copy(x)));
    let outputs: tf.Tensor[] = [];
    try {
      outputs = await node.op.applyAsync(inputs);
      tf.tidy(() => this.run(node, outputs));
    } finally {
      tf.dispose([inputs, outputs]);
    }
  }

  private runComputed(node: Node, update: Update, trace: NodeTrace): void {
    const {state, full, regions} = this;
    const {graph, memory, weights} = this.place;
    const {rollbackLog, recording} = this.monitors;
    const output = node.outputs[0];
    const slot = state.slots.get(output)!;
    const affected = full ? fullRegion(slot.plane) : affectedBy(graph, node, trace.changed);
    if (affected.isEmpty) return;
    recording?.save(output, slot, affected);
    const written = regions[output];
    const step = new Step(
      node,
      memory,
      this.operands(node),
      slot,
      weights.of(node.id),
      state.partials.get(node.id) ?? null,
      trace.changed,
      affected,
      this.toleranceOf(node),
      rollbackLog,
      written,
    );
    update(step);
    if (full) {
      written.fill();
      this.calibrate(node);
    }
    if (recording) regions[output] = recording.broken(output, slot, written);
    trace.affected = affected;
    trace.computed = step.computed;
    trace.written = written;
  }

  private runExternal(node: Node<ExternalOp>, trace: NodeTrace, given: tf.Tensor[] | null): void {
    const {state, full, regions} = this;
    const {graph, memory} = this.place;
    const {rollbackLog, recording} = this.monitors;
    for (const id of recording ? node.outputs : []) {
      const slot = state.slots.get(id);
      if (slot) recording!.save(id, slot, fullRegion(slot.plane));
    }
    const outputs = given ?? node.op.apply(this.inputsOf(node));
    if (state.slots.size === 0)
      throw new Error(`The cache was cleared while '${node.name}' was computed; predict the frame again.`);
    const context = {state, memory, full, tolerance: this.toleranceOf(node), rollbackLog};
    node.outputs.forEach((id, i) => {
      regions[id] = storeOutput(node, graph.values[id], outputs[i], context);
    });
    if (full) this.calibrate(node);
    const region = regions[node.outputs[0]];
    trace.affected = fullRegion(region);
    trace.computed = region.height * region.width;
    trace.written = region;
  }

  private inputsOf(node: Node<ExternalOp>): tf.Tensor[] {
    const {graph, memory} = this.place;
    return externalInputs(graph, node, memory, this.operands(node));
  }

  private operands(node: Node): Operand[] {
    const {graph, slots} = this.place;
    return node.inputs.map((id) => {
      const source = slots.sources[id];
      const dynamic = this.state.dynamic.get(source);
      if (dynamic) return {tensor: dynamic, plane: {height: 1, width: 1, channels: dynamic.size}};
      return {tensor: this.state.slots.get(source)!.tensor, plane: planeOf(graph.values[id])};
    });
  }

  /** How far a value may be from what is computed now and stay; null where every bit counts. */
  private toleranceOf(node: Node): Tolerance | null {
    const threshold = this.place.thresholds.get(node.id);
    if (this.full || threshold === undefined || threshold === 0) return null;
    return typeof threshold === 'number' ? threshold : (this.state.tolerances.get(node.id) ?? null);
  }

  private calibrate(node: Node): void {
    const {memory, thresholds} = this.place;
    const {slots, tolerances} = this.state;
    const threshold = thresholds.get(node.id);
    const slot = slots.get(node.outputs[0]);
    if (typeof threshold !== 'object' || !slot || tolerances.has(node.id)) return;
    const known = tolerancesOf(threshold);
    tolerances.set(node.id, known ?? memory.relativeTolerance(slot, threshold.relative));
  }
}

function fullRegion({height, width}: {height: number; width: number}): Region {
  return Region.full(height, width);
}
