/** The step of a node whose output is computed pixel by pixel: which of its pixels, and which of them changed. */
import type {Node} from '../../../graph';
import type {Workplace} from '../memory/place';
import {CHUNK} from '../memory/scratch';
import type {StreamState} from '../memory/state';
import {endOfTiles} from '../ops/shared/lists';
import type {PixelOp} from '../ops/shared/op';
import type {Pass} from './pass';
import {isReached, type Step, type Target} from './step';
import {activateInPlace, commit, prune} from './writing';

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
    const within = tolerance === null || full ? 0 : at + tolerance;
    if (this.op.computeInPlace && (within === 0 || this.op.takesTolerances)) {
      this.op.computeInPlace(at, count, !full && !recorder, within);
    } else {
      this.computeInChunks(pass, count);
    }
    state.affected[node.id] = state.computed[node.id] = count;
    state.changed[this.value] = prune(this.place, output, this.value, pass, count);
  }

  get node(): Node {
    return this.target.node;
  }

  get fullCost(): number {
    const {cost, tileCost} = this.op;
    const {height, width} = this.target.output;
    return tileCost ? Math.ceil(height / 2) * Math.ceil(width / 2) * tileCost : height * width * cost;
  }

  forecast(state: StreamState): number {
    const {node, output} = this.target;
    const {kernels} = this.place;
    state.changed[this.value] = 0;
    if (!isReached(node, state, this.sources)) return 0;
    this.reach(state);
    const mask = state.at + output.mask;
    const changed = (state.changed[this.value] = kernels.countMask(mask, output.maskWords));
    const {cost, tileCost} = this.op;
    return tileCost ? kernels.countTiles(mask, output.height, output.width) * tileCost : changed * cost;
  }

  private reach(state: StreamState): void {
    for (let i = 0; i < this.sources.length; i++) this.changed[i] = state.changed[this.sources[i]] > 0;
    this.op.reach(state.at, this.changed);
  }

  private computeInChunks(pass: Pass, count: number): void {
    const {scratch} = this.place;
    for (let first = 0; first < count;) {
      const end = Math.min(first + CHUNK, count);
      const part = (this.op.tileCost ? endOfTiles(this.place, first, end, count) : end) - first;
      this.op.compute(pass.state.at, first, part, scratch.values);
      activateInPlace(this.place, this.op.activation, scratch.values, part * this.target.output.channels);
      commit(this.place, this.target, pass, scratch.values, first, part);
      first += part;
    }
  }
}
