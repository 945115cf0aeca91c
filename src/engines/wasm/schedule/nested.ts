/**
 * A graph within a node, of one input and one output: compiled as any other, its activations part of the stream's block,
 * and run as often within a frame as the node asks for, on values that are in the heap already.
 */
import type {Graph} from '../../../graph';
import {bind} from '../kernels';
import {pixelsOf, type ValueLayout} from '../memory/layout';
import type {RollbackLog} from '../memory/rollback-log';
import {StreamState} from '../memory/state';
import type {Compiled} from './compiled';
import type {Step} from './step';

/** How its input is stored; see `assembly/frame.ts`. */
const FLOAT32 = 0;

export class NestedGraph {
  private readonly diff: ReturnType<typeof bind.diffFrame>;
  private readonly takeOver: ReturnType<typeof bind.takeFrame>;

  constructor(
    private readonly graph: Graph,
    private readonly compiled: Compiled,
  ) {
    const {kernels} = compiled.place;
    const input = compiled.layouts[graph.inputs[0]];
    this.diff = bind.diffFrame(kernels, {...input, gate: 0});
    this.takeOver = bind.takeFrame(kernels, input);
  }

  /** What computing all of it takes, in multiply-adds of a convolution that take as long. */
  get fullCost(): number {
    return this.compiled.steps.reduce((sum, step) => sum + step.fullCost, 0);
  }

  /** The activations that lie at an address, none of which is computed yet. */
  open(at: number): StreamState {
    const {weights, place, bytes} = this.compiled;
    const {values, nodes} = this.graph;
    return new StreamState(this, weights.version, place.heap, bytes, values.length, nodes.length, at);
  }

  /**
   * Computes what differs from the input that the activations belong to.
   * @param from address of the input's values, one after the other
   * @param rollbackLog what is overwritten goes there: it is put back afterwards
   * @returns what it took, of `fullCost`
   */
  run(state: StreamState, from: number, rollbackLog: RollbackLog | null): number {
    const full = !state.valid;
    const changed = this.take(state, from, full, rollbackLog);
    if (full || changed > 0) {
      const pass = {state, full, rollbackLog, recorder: null};
      for (const step of this.compiled.steps) step.run(pass);
    } else {
      state.rest();
    }
    // After an error the stream's cache is emptied, or a rollback log has put back what was there.
    state.valid = true;
    return this.compiled.steps.reduce((sum, step) => sum + this.costOf(step, state), 0);
  }

  /** Copies the output's values, one after the other. */
  read({at}: StreamState, to: number): void {
    const {layouts, place} = this.compiled;
    const {octets} = place.heap;
    const {height, width, rowBytes, pixelBytes, ...output} = layouts[this.graph.outputs[0]];
    const bytes = width * pixelBytes;
    for (let y = 0, from = at + output.at; y < height; y++, from += rowBytes, to += bytes) {
      octets.copyWithin(to, from, from + bytes);
    }
  }

  /** Takes over the pixels that differ, or all; returns how many. */
  private take(state: StreamState, from: number, full: boolean, rollbackLog: RollbackLog | null): number {
    const [id] = this.graph.inputs;
    const {kernels} = this.compiled.place;
    const layout = this.compiled.layouts[id];
    const {height, width, channels} = layout;
    const [at, mask] = [state.at + layout.at, state.at + layout.mask];
    if (full) kernels.fillMask(mask, height, width);
    else this.diff(from, FLOAT32, channels, at, mask);
    if (rollbackLog) this.save(state, layout, rollbackLog);
    const gate = 0;
    const prune = 0;
    return (state.changed[id] = this.takeOver(from, FLOAT32, channels, at, gate, mask, prune));
  }

  private save({at}: StreamState, layout: ValueLayout, rollbackLog: RollbackLog): void {
    const {kernels, scratch} = this.compiled.place;
    const {ys, xs, targets} = scratch;
    const count = kernels.listPixels(at + layout.mask, layout.height, layout.width, ys, xs);
    kernels.addressPixels(ys, xs, count, at + layout.at, layout.rowBytes, layout.pixelBytes, targets);
    rollbackLog.save(targets, count, layout.pixelBytes);
  }

  private costOf({node, fullCost}: Step, {computed}: StreamState): number {
    return (fullCost * computed[node.id]) / pixelsOf(this.compiled.layouts[node.outputs[0]]);
  }
}
