/**
 * Back through recorded frames on the portable engine, the last one first. Within a frame the rows' gradients enter at the
 * cut points; then, from the top down, what ran up on the pixels that broke in this frame is sent through the node that made
 * them, and then they are put back to what the frame before had. In the first frame all pixels break.
 */
import * as tf from '@tensorflow/tfjs-core';
import {planeOf, sizeOf, type Node, type ValueId} from '../../../graph';
import {reinterpret, Region} from '../../../region';
import {nodesBelow} from '../../shared/training/below';
import type {Rules} from '../../shared/training/rules';
import {weightTensor, type WeightTensors} from '../../shared/weights';
import {gradientPlane, type GradientPlane} from '../memory/gradient-plane';
import {opOf} from '../ops';
import type {BackwardCutPoint} from '../ops/cut-point';
import type {Update} from '../ops/op';
import type {PortableState} from '../state/state';
import type {Operand} from '../step/step';
import {flush} from './backward-step';
import {nodeOf, openCutPoint, sourceOf} from './cut-points';
import type {FrameLog, Overwritten, RecordedProgram} from './recorded';

/** Frames for the backward pass, and the gradients that enter. */
export interface Recorded {
  readonly rules: Rules;
  readonly state: PortableState;
  readonly logs: readonly FrameLog[];
  readonly cutPoints: readonly {readonly id: ValueId; readonly rows: Float32Array}[];
}

/** @returns the gradient of each weight, by index; the activations are those of the first frame afterwards */
export function runBackward(program: RecordedProgram, recorded: Recorded): Map<number, Float32Array> {
  const back = new BackwardPass(program, recorded);
  try {
    for (let frame = recorded.logs.length - 1; frame >= 0; frame--) tf.tidy(() => back.leave(frame));
    return back.gradients();
  } finally {
    back.dispose();
  }
}

interface OpenCutPoint {
  readonly cutPoint: BackwardCutPoint;
  readonly source: ValueId;
  readonly node: Node | undefined;
}

class BackwardPass {
  /** From the top down. */
  private readonly nodes: readonly Node[];
  private readonly cutPoints: readonly OpenCutPoint[];
  /** By value that owns its memory and whose gradient is wanted. */
  private readonly planes = new Map<ValueId, GradientPlane>();
  /** Gradients of the prepared weights so far, by node. */
  private readonly prepared = new Map<number, Map<string, tf.Tensor>>();

  constructor(
    private readonly program: RecordedProgram,
    private readonly recorded: Recorded,
  ) {
    const {graph} = program;
    const sources = recorded.cutPoints.map(({id}) => sourceOf(graph, id));
    this.nodes = nodesBelow(graph, sources).reverse();
    this.cutPoints = recorded.cutPoints.map(({id, rows}, i) => {
      const node = nodeOf(graph, id);
      const cutPoint = openCutPoint(graph, id, {
        memory: program.memory,
        operand: () => this.operand(sources[i]),
        prepared: this.weightsOf(node),
        frames: recorded.logs.length,
        rows,
        below: this.planeOf(sources[i]),
      });
      return {cutPoint, source: sources[i], node};
    });
  }

  /** Leaves a frame for the one before it. */
  leave(frame: number): void {
    this.cutPoints.forEach(({cutPoint}) => cutPoint.enter?.(frame));
    this.cutPoints.forEach(({cutPoint, source}) => {
      const region = this.broken(frame, source);
      if (!region.isEmpty) cutPoint.flush?.(frame, region.pixels());
    });
    const log = this.recorded.logs[frame];
    for (const node of this.nodes) {
      const {update} = opOf(node.op);
      if (this.recorded.rules.active[node.id] && typeof update === 'function')
        this.flush(node, update, frame);
      node.outputs.forEach((id) => this.undo(id, log.get(id)));
    }
    this.program.graph.inputs.forEach((id) => this.undo(id, log.get(id)));
  }

  gradients(): Map<number, Float32Array> {
    const all = new Map<number, Float32Array>();
    const add = (node: Node, name: string, values: Float32Array) => {
      const index = node.weights[name] as number | undefined;
      if (index === undefined) return;
      const sum = all.get(index);
      if (sum) values.forEach((value, i) => (sum[i] += value));
      else all.set(index, values);
    };
    for (const {cutPoint, node} of this.cutPoints) {
      const gradients = cutPoint.gradients?.() ?? {};
      Object.entries(gradients).forEach(([name, values]) => add(node!, name, values));
    }
    for (const node of this.nodes) {
      tf.tidy(() => {
        Object.entries(this.unprepare(node)).forEach(([name, tensor]) =>
          add(node, name, tensor.dataSync<'float32'>().slice()),
        );
      });
    }
    return all;
  }

  dispose(): void {
    this.planes.forEach((plane) => plane.dispose());
    this.cutPoints.forEach(({cutPoint}) => cutPoint.dispose?.());
    this.prepared.forEach((sums) => sums.forEach((sum) => sum.dispose()));
  }

  private flush(node: Node, update: Update, frame: number): void {
    const [output] = node.outputs;
    const broken = this.broken(frame, output);
    if (broken.isEmpty) return;
    const gradients = flush({
      node,
      update,
      memory: this.program.memory,
      operands: node.inputs.map((id) => this.operand(id)),
      output: this.recorded.state.slots.get(output)!,
      prepared: this.weightsOf(node),
      planes: {
        output: this.planeOf(output)!,
        inputs: node.inputs.map((id) => this.planeOf(id)),
      },
      broken,
      changed: node.inputs.map((id) => this.broken(frame, id)),
    });
    const sums = this.prepared.get(node.id) ?? new Map<string, tf.Tensor>();
    this.prepared.set(node.id, sums);
    for (const [name, gradient] of Object.entries(gradients)) {
      if (!gradient) continue;
      const sum = sums.get(name);
      sums.set(name, tf.keep(sum ? tf.add(sum, gradient) : tf.clone(gradient)));
      sum?.dispose();
    }
  }

  /** The gradients of a node's own weights, from those of what was made of them. */
  private unprepare({id, op, weights, inputs}: Node): Record<string, tf.Tensor> {
    const sums = this.prepared.get(id);
    const {prepare} = opOf(op);
    if (!sums || sums.size === 0 || !prepare) return {};
    const {graph} = this.program;
    const names = Object.keys(weights);
    const own = names.map((name) => weightTensor(graph.weights[weights[name]]));
    const planes = inputs.map((input) => planeOf(graph.values[input]));
    const forward = () => {
      const made = prepare(op, Object.fromEntries(names.map((name, i) => [name, own[i]])), planes);
      const terms = [...sums].map(([name, sum]) => tf.sum(tf.mul(made[name], sum)));
      return tf.addN(terms);
    };
    const {grads} = tf.engine().gradients(forward, own, undefined, true) as {grads: (tf.Tensor | null)[]};
    return Object.fromEntries(names.flatMap((name, i) => (grads[i] ? [[name, grads[i]]] : [])));
  }

  /** What of a value is something else before a frame. */
  private broken(frame: number, value: ValueId): Region {
    const {height, width} = planeOf(this.program.graph.values[value]);
    if (frame === 0) return Region.full(height, width);
    const source = this.program.sources[value];
    const kept = this.recorded.logs[frame].get(source)?.region;
    if (!kept) return Region.empty(height, width);
    if (source === value) return kept;
    const from = planeOf(this.program.graph.values[source]);
    const {channels} = planeOf(this.program.graph.values[value]);
    return reinterpret(kept, from.channels, height, width, channels);
  }

  private undo(value: ValueId, kept: Overwritten | undefined): void {
    if (!kept) return;
    const slot = this.recorded.state.slots.get(value)!;
    const {pixels, old: values, region} = kept;
    const changed = Region.empty(region.height, region.width);
    this.program.memory.write({slot, pixels, values, tolerance: null, changed, rollbackLog: null});
  }

  private operand(value: ValueId): Operand {
    const {sources, graph} = this.program;
    const {tensor} = this.recorded.state.slots.get(sources[value])!;
    return {tensor, plane: planeOf(graph.values[value])};
  }

  private planeOf(value: ValueId): GradientPlane | null {
    const source = this.program.sources[value];
    if (!this.recorded.rules.needed[value]) return null;
    let plane = this.planes.get(source);
    if (!plane) {
      plane = gradientPlane(sizeOf(this.program.graph.values[source].shape!));
      this.planes.set(source, plane);
    }
    return plane;
  }

  private weightsOf(node: Node | undefined): WeightTensors {
    return node ? this.program.weights.of(node.id) : {};
  }
}
