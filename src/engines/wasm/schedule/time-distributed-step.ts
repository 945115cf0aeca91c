/**
 * The step of a node that computes the same graph for each step of a window. In a window that slides, most steps were steps
 * of the last window: what was computed for these is copied. Another one is computed from the one computed before it.
 */
import type {ExternalOp, Node} from '../../../graph';
import {pixelsOf, type ValueLayout} from '../memory/layout';
import type {Workplace} from '../memory/place';
import type {StreamState, WindowState} from '../memory/state';
import type {NestedGraph} from './nested';
import type {Pass} from './pass';
import {isReached, type Step, type Target} from './step';
import {storeWhole} from './writing';

/** What the step is compiled from. Offsets are in a stream's block. */
interface Parts {
  readonly nested: NestedGraph;
  /** The value whose mask the input uses. */
  readonly source: number;
  /** Its rows follow each other, and so do its steps. */
  readonly input: ValueLayout;
  /** Where the whole output is gathered, outside of any block. */
  readonly buffer: number;
  /** Offset of the nested graph's activations. */
  readonly block: number;
  /** Offsets of what is kept: as many inputs and outputs of one step as a window has steps. */
  readonly inputs: number;
  readonly outputs: number;
}

/** A multiply-add of a convolution takes as long as comparing and copying so many values, roughly. */
const VALUES_PER_MAC = 8;

const sizeOf = (layout: ValueLayout) => pixelsOf(layout) * layout.channels;

export class TimeDistributedStep implements Step {
  private readonly inputBytes: number;
  private readonly outputBytes: number;
  /** Where each step of the window under way is kept; -1 where it is not. */
  private readonly found: Int32Array;

  constructor(
    private readonly place: Workplace,
    readonly node: Node<ExternalOp>,
    private readonly steps: number,
    private readonly target: Target,
    private readonly parts: Parts,
  ) {
    this.inputBytes = (4 * sizeOf(parts.input)) / steps;
    this.outputBytes = (4 * sizeOf(target.output)) / steps;
    this.found = new Int32Array(steps);
  }

  get fullCost(): number {
    return this.copyCost + this.steps * this.parts.nested.fullCost;
  }

  run(pass: Pass): void {
    const {state, full} = pass;
    const {node, target, parts, steps} = this;
    const [output] = node.outputs;
    state.affected[node.id] = state.computed[node.id] = state.changed[output] = 0;
    if (!full && !isReached(node, state, [parts.source])) return;
    const window = this.windowIn(state);
    const cost = this.gather(pass, window);
    storeWhole(this.place, target, pass, output, parts.buffer);
    const pixels = pixelsOf(target.output);
    state.affected[node.id] = pixels;
    state.computed[node.id] = (pixels * cost) / (steps * parts.nested.fullCost || 1);
  }

  forecast(state: StreamState): number {
    const {node, target, parts} = this;
    const [id] = node.outputs;
    const reached = isReached(node, state, [parts.source]);
    state.changed[id] = reached ? pixelsOf(target.output) : 0;
    if (!reached) return 0;
    const {mask, height, width} = target.output;
    this.place.kernels.fillMask(state.at + mask, height, width);
    // Which steps are new is known only once they lie in the cache; windows go on as they did.
    return this.copyCost + (state.windows.get(node.id)?.fresh ?? 1) * parts.nested.fullCost;
  }

  private get copyCost(): number {
    return (sizeOf(this.parts.input) + sizeOf(this.target.output)) / VALUES_PER_MAC;
  }

  private windowIn(state: StreamState): WindowState {
    const {nested, block} = this.parts;
    const known = state.windows.get(this.node.id);
    if (known) return known;
    const window: WindowState = {
      state: nested.open(state.at + block),
      entries: new Int32Array(this.steps).fill(-1),
      fresh: 1,
    };
    state.windows.set(this.node.id, window);
    return window;
  }

  /** Brings the outputs of all steps into the buffer; returns what that took. */
  private gather({state, full, rollbackLog}: Pass, window: WindowState): number {
    const {found, parts, outputBytes} = this;
    for (let step = 0; step < this.steps; step++) found[step] = this.find(state, window, step);
    let [cost, fresh] = [0, 0];
    for (let step = 0; step < this.steps; step++) {
      const to = parts.buffer + step * outputBytes;
      const twin = found[step] < 0 ? this.twinOf(state, step) : -1;
      if (found[step] >= 0) this.copy(this.keptOutput(state, found[step]), to, outputBytes);
      else if (twin >= 0) {
        this.copy(parts.buffer + twin * outputBytes, to, outputBytes);
        found[step] = found[twin];
      } else {
        fresh++;
        cost += parts.nested.run(window.state, this.inputOf(state, step), rollbackLog);
        parts.nested.read(window.state, to);
        // A variant of a frame leaves what is kept as it is.
        if (!rollbackLog) found[step] = this.keep(state, step, to);
      }
    }
    if (!rollbackLog) window.entries.set(found);
    if (!rollbackLog && !full) window.fresh = fresh;
    return cost;
  }

  /** Where a step's input is kept, bit for bit; -1 where it is not. Windows mostly slide: the next step is tried first. */
  private find(state: StreamState, {entries}: WindowState, step: number): number {
    const {kernels} = this.place;
    const input = this.inputOf(state, step);
    for (let i = 1; i <= this.steps; i++) {
      const entry = entries[(step + i) % this.steps];
      if (entry < 0) continue;
      if (kernels.sameValues(input, this.keptInput(state, entry), this.inputBytes >>> 2)) return entry;
    }
    return -1;
  }

  /** An earlier step of the same window with the same input; -1 where there is none. */
  private twinOf(state: StreamState, step: number): number {
    const {kernels} = this.place;
    const input = this.inputOf(state, step);
    for (let twin = step - 1; twin >= 0; twin--) {
      if (kernels.sameValues(input, this.inputOf(state, twin), this.inputBytes >>> 2)) return twin;
    }
    return -1;
  }

  /** Keeps a step's input and output where nothing of this window is kept; there is a place for each step. */
  private keep(state: StreamState, step: number, output: number): number {
    let entry = 0;
    while (this.found.includes(entry)) entry++;
    this.copy(output, this.keptOutput(state, entry), this.outputBytes);
    this.copy(this.inputOf(state, step), this.keptInput(state, entry), this.inputBytes);
    return entry;
  }

  private inputOf({at}: StreamState, step: number): number {
    return at + this.parts.input.at + step * this.inputBytes;
  }

  private keptInput({at}: StreamState, entry: number): number {
    return at + this.parts.inputs + entry * this.inputBytes;
  }

  private keptOutput({at}: StreamState, entry: number): number {
    return at + this.parts.outputs + entry * this.outputBytes;
  }

  private copy(from: number, to: number, bytes: number): void {
    this.place.heap.octets.copyWithin(to, from, from + bytes);
  }
}
