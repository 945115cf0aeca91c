/** One node's turn in one frame: which of its pixels, computed how, and which of them changed. */
import type {Node} from '../../graph';
import type {Heap} from './heap';
import type {RollbackLog} from './rollback-log';
import type {Kernels} from './kernels';
import {pixelsOf, SLACK, type ValueLayout} from './layout';
import {activationCode} from './ops/shared/activations';
import type {PixelOp, Reduction} from './ops/shared/op';
import {CHUNK, type Scratch} from './scratch';
import type {StreamState} from './state';

/** Who is told what a frame overwrites. */
export interface Monitors {
  readonly rollbackLog: RollbackLog | null;
  readonly recorder: Recorder | null;
}

export const UNMONITORED: Monitors = {rollbackLog: null, recorder: null};

/** One frame on its way through the nodes. */
export interface Pass extends Monitors {
  readonly state: StreamState;
  /** Whether everything is computed. */
  readonly full: boolean;
}

/** Who keeps what a frame overwrites, and says what counts as changed while it does. */
export interface Recorder {
  /** Before `count` pixels of `bytes` each are written: those in the list of targets. */
  before(count: number, bytes: number): void;
  /**
   * After the listed pixels of a value were written: leaves in its mask those that break.
   * @returns how many do
   */
  after(state: StreamState, value: number, count: number): number;
}

export interface Step {
  /** The node whose turn it is. */
  readonly node: Node;
  run(pass: Pass): void;
  /**
   * Marks what the inputs' changes reach as changed, computing nothing.
   * @returns what computing it would take, in multiply-adds of a convolution that take as long
   */
  foresee(state: StreamState): number;
  /** The same for everything. */
  readonly fullCost: number;
}

/** What all steps of a program work with. */
export interface Workplace {
  readonly kernels: Kernels;
  readonly heap: Heap;
  readonly scratch: Scratch;
}

/** Where a node writes. */
export interface Target {
  readonly node: Node;
  readonly output: ValueLayout;
  /** Offset of the tolerance of each channel in the stream's block; null where the node is exact. */
  readonly tolerance: number | null;
}

/** Whether any input of a node changed. */
export function isReached({inputs}: Node, {changed}: StreamState, sources: readonly number[]): boolean {
  for (let i = 0; i < inputs.length; i++) if (changed[sources[i]] > 0) return true;
  return false;
}

/** Writes values that were computed one after the other, and flags the pixels that changed. */
export function commit(
  {kernels, scratch}: Workplace,
  {output, tolerance}: Target,
  {state, full}: Pass,
  from: number,
  first: number,
  count: number,
): void {
  const targets = scratch.targets + 4 * first;
  const flags = scratch.flags + first;
  if (tolerance === null || full) kernels.commitExact(from, count, output.channels, targets, flags);
  else kernels.commitWithin(from, count, output.channels, state.at + tolerance, targets, flags);
}

/** Leaves in a value's mask those of the listed pixels, just written, that go on as changed; returns how many. */
export function prune(
  {kernels, scratch}: Workplace,
  {mask, width}: ValueLayout,
  value: number,
  {state, full, recorder}: Pass,
  count: number,
): number {
  if (recorder) return recorder.after(state, value, count);
  if (full) return count;
  const {ys, xs, flags} = scratch;
  return kernels.keepFlagged(ys, xs, flags, count, state.at + mask, width);
}

/** Writes a value that was computed as a whole and lies in a room, and leaves in its mask what changed. */
export function storeWhole(place: Workplace, target: Target, pass: Pass, value: number, room: number): void {
  const {kernels, scratch} = place;
  const {state, rollbackLog, recorder} = pass;
  const {output} = target;
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
  rollbackLog?.save(scratch.targets, count, output.pixelBytes);
  recorder?.before(count, output.pixelBytes);
  commit(place, target, pass, room, 0, count);
  state.changed[value] = prune(place, output, value, pass, count);
}

/** A node whose output is computed pixel by pixel. */
export class PixelStep implements Step {
  private readonly changed: boolean[];

  constructor(
    private readonly place: Workplace,
    private readonly target: Target,
    private readonly op: PixelOp,
    /** The values whose masks the inputs use. */
    private readonly sources: readonly number[],
    private readonly value: number,
  ) {
    this.changed = sources.map(() => false);
  }

  run(pass: Pass): void {
    const {state, full, rollbackLog, recorder} = pass;
    const {node, output, tolerance} = this.target;
    const {kernels, scratch} = this.place;
    state.affected[node.id] = state.computed[node.id] = state.changed[this.value] = 0;
    if (!full && !isReached(node, state, this.sources)) return;
    const {at} = state;
    const mask = at + output.mask;
    if (full) kernels.fillMask(mask, output.height, output.width);
    else this.reach(state);
    const count = kernels.listPixels(mask, output.height, output.width, scratch.ys, scratch.xs);
    if (count === 0) return;
    kernels.addressPixels(
      scratch.ys,
      scratch.xs,
      count,
      at + output.at,
      output.rowBytes,
      output.pixelBytes,
      scratch.targets,
    );
    rollbackLog?.save(scratch.targets, count, output.pixelBytes);
    recorder?.before(count, output.pixelBytes);
    if (this.op.computeInPlace && (tolerance === null || full)) this.op.computeInPlace(at, count);
    else this.computeInChunks(pass, count);
    state.affected[node.id] = state.computed[node.id] = count;
    state.changed[this.value] = prune(this.place, output, this.value, pass, count);
  }

  get node(): Node {
    return this.target.node;
  }

  get fullCost(): number {
    return pixelsOf(this.target.output) * this.op.cost;
  }

  foresee(state: StreamState): number {
    const {output} = this.target;
    let changed = 0;
    if (isReached(this.target.node, state, this.sources)) {
      this.reach(state);
      changed = this.place.kernels.countMask(state.at + output.mask, output.maskWords);
    }
    state.changed[this.value] = changed;
    return changed * this.op.cost;
  }

  private reach(state: StreamState): void {
    for (let i = 0; i < this.sources.length; i++) this.changed[i] = state.changed[this.sources[i]] > 0;
    this.op.reach(state.at, this.changed);
  }

  private computeInChunks(pass: Pass, count: number): void {
    const {scratch} = this.place;
    for (let first = 0; first < count; first += CHUNK) {
      const part = Math.min(CHUNK, count - first);
      this.op.compute(pass.state.at, first, part, scratch.values);
      activateInPlace(this.place, this.op.activation, scratch.values, part * this.target.output.channels);
      commit(this.place, this.target, pass, scratch.values, first, part);
    }
  }
}

function activateInPlace(
  {kernels}: Workplace,
  activation: PixelOp['activation'],
  at: number,
  count: number,
): void {
  if (activation.name === 'linear') return;
  kernels.activateInPlace(at, count, activationCode(activation), activation.parameter ?? 0);
}

/** A node that reduces a whole plane to one pixel. */
export class ReduceStep implements Step {
  constructor(
    private readonly place: Workplace,
    private readonly target: Target,
    private readonly reduction: Reduction,
    private readonly input: ValueLayout,
    private readonly source: number,
    private readonly value: number,
  ) {}

  run(pass: Pass): void {
    const {state, full, rollbackLog} = pass;
    const {node, output} = this.target;
    const {kernels, scratch} = this.place;
    const {input} = this;
    const {op} = this.reduction;
    state.affected[node.id] = state.computed[node.id] = state.changed[this.value] = 0;
    if (!full && state.changed[this.source] === 0) return;
    const {at} = state;
    const count = kernels.listPixels(at + input.mask, input.height, input.width, scratch.ys, scratch.xs);
    const blocks = kernels.listBlocks(
      scratch.ys,
      scratch.xs,
      count,
      input.width,
      op.blockSize,
      scratch.blocks,
    );
    const groups = kernels.listGroups(scratch.blocks, blocks, op.groupSize, scratch.groups);
    const partials = at + this.reduction.partials;
    if (rollbackLog) this.savePartials(rollbackLog, partials, blocks, groups);
    op.compute(at, partials, blocks, groups, scratch.values);
    kernels.addressSteps(1, at + output.at, output.pixelBytes, scratch.targets);
    rollbackLog?.save(scratch.targets, 1, output.pixelBytes);
    commit(this.place, this.target, pass, this.activated(), 0, 1);
    kernels.fillMask(at + output.mask, 1, 1);
    state.affected[node.id] = 1;
    state.computed[node.id] = (blocks * op.blockSize) / (input.height * input.width);
    state.changed[this.value] = full ? 1 : this.place.heap.octets[scratch.flags];
  }

  get node(): Node {
    return this.target.node;
  }

  get fullCost(): number {
    const {op} = this.reduction;
    return op.blocks * op.cost;
  }

  foresee(state: StreamState): number {
    const {kernels} = this.place;
    const {output} = this.target;
    const changed = state.changed[this.source];
    state.changed[this.value] = Math.min(1, changed);
    if (changed > 0) kernels.fillMask(state.at + output.mask, 1, 1);
    const {op} = this.reduction;
    return Math.min(changed, op.blocks) * op.cost;
  }

  /** Where the activated values lie. They are one pixel; softmax cannot be taken over its channels in place. */
  private activated(): number {
    const {kernels, scratch} = this.place;
    const {activation} = this.reduction.op;
    const {channels, pixelBytes} = this.target.output;
    if (activation.name !== 'softmax' && activation.name !== 'logSoftmax') {
      activateInPlace(this.place, activation, scratch.values, channels);
      return scratch.values;
    }
    const to = scratch.values + pixelBytes + SLACK;
    kernels.addressSteps(1, scratch.values, 0, scratch.sources);
    kernels.softmax(scratch.sources, 1, channels, activation.name === 'logSoftmax' ? 1 : 0, to);
    return to;
  }

  private savePartials(rollbackLog: RollbackLog, partials: number, blocks: number, groups: number): void {
    const {kernels, scratch} = this.place;
    const {op} = this.reduction;
    const bytes = 4 * op.width;
    // A listed number is a row of a plane one pixel wide.
    kernels.addressRows(scratch.blocks, blocks, partials, bytes, scratch.sources);
    rollbackLog.save(scratch.sources, blocks, bytes);
    kernels.addressRows(scratch.groups, groups, partials + op.blocks * bytes, bytes, scratch.sources);
    rollbackLog.save(scratch.sources, groups, bytes);
  }
}
