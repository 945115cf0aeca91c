/** One node's turn that computes itself, densely: a layer or a model that this engine does not know. */
import * as tf from '@tensorflow/tfjs-core';
import type {ExternalOp, Node, Value} from '../../graph';
import type {ValueLayout} from './layout';
import {pixelsOf} from './ops/op';
import {readValues} from './read';
import type {StreamState} from './state';
import {commit, isReached, settle, type Pass, type Step, type Target, type Workplace} from './step';

/** Its output is compared with the last one, to carry the region on. */
export class ExternalStep implements Step {
  /** Nobody knows what it takes; what frames really took corrects the forecasts. */
  readonly fullCost = 0;

  constructor(
    private readonly place: Workplace,
    private readonly node: Node<ExternalOp>,
    private readonly values: readonly Value[],
    private readonly sources: readonly number[],
    private readonly inputs: readonly ValueLayout[],
    private readonly targets: readonly Target[],
    /** Room for each output as it comes. */
    private readonly rooms: readonly number[],
  ) {}

  run(pass: Pass): void {
    const {state, full} = pass;
    const {node} = this;
    state.affected[node.id] = state.computed[node.id] = 0;
    for (const id of node.outputs) state.changed[id] = 0;
    if (node.op.pure && !full && !isReached(node, state, this.sources)) return;
    const outputs = tf.tidy(() =>
      node.op
        .apply(this.inputs.map((layout, i) => this.tensorOf(state.at, layout, node.inputs[i])))
        .map((tensor, i) => this.check(tensor, i).dataSync() as Float32Array),
    );
    outputs.forEach((values, i) => this.store(pass, values, i));
    const {height, width} = this.targets[0].output;
    state.affected[node.id] = state.computed[node.id] = height * width;
  }

  foresee(state: StreamState): number {
    const {node, place, sources} = this;
    const reached = !node.op.pure || isReached(node, state, sources);
    node.outputs.forEach((id, i) => {
      const {output} = this.targets[i];
      state.changed[id] = reached ? pixelsOf(output) : 0;
      if (reached) place.kernels.fillMask(state.at + output.mask, output.height, output.width);
    });
    return 0;
  }

  private tensorOf(at: number, layout: ValueLayout, id: number): tf.Tensor {
    const shape = this.values[id].shape!;
    return tf.tensor(
      readValues(this.place.heap, at, layout),
      this.node.op.batched ? [1, ...shape] : [...shape],
    );
  }

  private check(tensor: tf.Tensor, output: number): tf.Tensor {
    const shape = this.values[this.node.outputs[output]].shape!;
    if (tensor.size === shape.reduce((product, side) => product * side, 1)) return tensor;
    throw new Error(
      `'${this.node.name}' (${this.node.op.label}) gave an output of shape [${tensor.shape.join(', ')}] for one frame, ` +
        `where its computeOutputShape promised [1, ${shape.join(', ')}].`,
    );
  }

  private store(pass: Pass, values: Float32Array, i: number): void {
    const {kernels, heap, scratch} = this.place;
    const {state, journal, recorder} = pass;
    const {output} = this.targets[i];
    const id = this.node.outputs[i];
    const room = this.rooms[i];
    heap.floats.set(values, room >>> 2);
    const mask = state.at + output.mask;
    kernels.fillMask(mask, output.height, output.width);
    const count = kernels.listPixels(mask, output.height, output.width, scratch.ys, scratch.xs);
    kernels.addressPixels(
      scratch.ys,
      scratch.xs,
      count,
      state.at + output.at,
      output.rowBytes,
      output.pixelBytes,
      scratch.targets,
    );
    journal?.save(scratch.targets, count, output.pixelBytes);
    recorder?.before(count, output.pixelBytes);
    commit(this.place, this.targets[i], pass, room, 0, count);
    state.changed[id] = settle(this.place, output, id, pass, count);
  }
}
