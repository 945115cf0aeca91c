/** The step of a node that computes itself, densely: a layer, a model or a part of one that this engine does not know. */
import * as tf from '@tensorflow/tfjs-core';
import type {ExternalOp, Node, Value} from '../../../graph';
import {isOpaque} from '../../shared/opaque';
import {checkFilled, checkPlanned} from '../../shared/unplanned';
import {pixelsOf, type ValueLayout} from '../memory/layout';
import {isSameOpaque, opaqueOf, opaqueOfAsync, tensorOfOpaque, type OpaqueValue} from '../memory/opaque';
import type {Workplace} from '../memory/place';
import {readValues} from '../memory/read';
import type {StreamState} from '../memory/state';
import type {Pass} from './pass';
import {isReached, type Step, type Target} from './step';
import {storeWhole} from './writing';

/** Its output is compared with the last one, to carry the region on. */
export class ExternalStep implements Step {
  /** Nobody knows what it takes; what frames really took corrects the forecasts. */
  readonly fullCost = 0;

  constructor(
    private readonly place: Workplace,
    readonly node: Node<ExternalOp>,
    private readonly values: readonly Value[],
    private readonly sources: readonly number[],
    private readonly inputs: readonly ValueLayout[],
    private readonly targets: readonly Target[],
    /** Where each output goes as it comes. */
    private readonly buffers: readonly number[],
  ) {}

  run(pass: Pass): void {
    if (!this.begin(pass)) return;
    const {op} = this.node;
    const outputs: OpaqueValue[] = [];
    tf.tidy(() => {
      for (const tensor of this.planned(op.apply(this.tensors(pass.state)))) outputs.push(opaqueOf(tensor));
    });
    this.finish(pass, outputs);
  }

  /** Null where it needs no waiting. */
  get runAsync(): ((pass: Pass) => Promise<void>) | null {
    const {applyAsync} = this.node.op;
    if (!applyAsync) return null;
    return async (pass) => {
      if (!this.begin(pass)) return;
      const inputs = this.tensors(pass.state);
      let tensors: tf.Tensor[] = [];
      const outputs: OpaqueValue[] = [];
      try {
        tensors = await applyAsync(inputs);
        for (const tensor of this.planned(tensors)) outputs.push(await opaqueOfAsync(tensor));
      } finally {
        tf.dispose([inputs, tensors]);
      }
      this.finish(pass, outputs);
    };
  }

  forecast(state: StreamState): number {
    const {node, place, sources} = this;
    const reached = !node.op.pure || isReached(node, state, sources);
    node.outputs.forEach((id, i) => {
      const {output} = this.targets[i];
      state.changed[id] = reached ? pixelsOf(output) : 0;
      if (reached) place.kernels.fillMask(state.at + output.mask, output.height, output.width);
    });
    return 0;
  }

  /** Whether anything is to be computed. */
  private begin({state, full}: Pass): boolean {
    const {node} = this;
    state.affected[node.id] = state.computed[node.id] = 0;
    for (const id of node.outputs) state.changed[id] = 0;
    return !node.op.pure || full || isReached(node, state, this.sources);
  }

  private finish(pass: Pass, outputs: readonly OpaqueValue[]): void {
    const {node} = this;
    if (pass.state.at === 0)
      throw new Error(`The cache was cleared while '${node.name}' was computed; predict the frame again.`);
    for (const output of outputs) checkFilled(output, output.values.length);
    outputs.forEach((output, i) => {
      if (isOpaque(this.values[node.outputs[i]])) this.keep(pass, i, output);
      else this.store(pass, output.values as Float32Array, i);
    });
    const {height, width} = this.targets[0].output;
    pass.state.affected[node.id] = pass.state.computed[node.id] = height * width;
  }

  private tensors(state: StreamState): tf.Tensor[] {
    return this.node.inputs.map((id, i) => {
      const kept = state.opaque.get(id);
      if (kept) return tensorOfOpaque(kept);
      const values = readValues(this.place.heap, state.at, this.inputs[i]);
      const shape = this.values[id].shape!;
      return tf.tensor(values, this.node.op.batched ? [1, ...shape] : [...shape]);
    });
  }

  /** @throws UnplannedResult where they are not what the plan is for */
  private planned(tensors: readonly tf.Tensor[]): readonly tf.Tensor[] {
    const {node, values} = this;
    node.outputs.forEach((id, i) => checkPlanned(node, tensors[i], values[id].shape));
    return tensors;
  }

  /** It has no pixels that were compared one by one: all changed, or none. */
  private keep({state, full}: Pass, i: number, output: OpaqueValue): void {
    const id = this.node.outputs[i];
    const {height, width, mask} = this.targets[i].output;
    const changes = full || !isSameOpaque(output, state.opaque.get(id));
    state.opaque.set(id, output);
    state.changed[id] = changes ? height * width : 0;
    if (changes) this.place.kernels.fillMask(state.at + mask, height, width);
  }

  private store(pass: Pass, values: Float32Array, i: number): void {
    this.place.heap.floats.set(values, this.buffers[i] >>> 2);
    storeWhole(this.place, this.targets[i], pass, this.node.outputs[i], this.buffers[i]);
  }
}
