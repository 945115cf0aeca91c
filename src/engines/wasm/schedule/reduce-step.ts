/** The step of a node that reduces a whole plane to one pixel: which of its blocks, and whether the pixel changed. */
import type {Node} from '../../../graph';
import {SLACK, type ValueLayout} from '../memory/layout';
import type {Workplace} from '../memory/place';
import type {RollbackLog} from '../memory/rollback-log';
import type {StreamState} from '../memory/state';
import type {Reduction} from '../ops/shared/op';
import type {Pass} from './pass';
import type {Step, Target} from './step';
import {activateInPlace, commit} from './writing';

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
    // The last block may have fewer pixels.
    state.computed[node.id] = Math.min(1, (blocks * op.blockSize) / (input.height * input.width));
    state.changed[this.value] = full ? 1 : this.place.heap.octets[scratch.flags];
  }

  get node(): Node {
    return this.target.node;
  }

  get fullCost(): number {
    const {op} = this.reduction;
    return op.blocks * op.cost;
  }

  forecast(state: StreamState): number {
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
