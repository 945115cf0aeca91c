/** The k largest of all values of an activation: one scan of it, where anything in it changed. */
import type {ExternalOp, Node, TopK} from '../../../graph';
import type {ValueLayout} from '../memory/layout';
import {isSameOpaque, type OpaqueValue} from '../memory/opaque';
import type {Workplace} from '../memory/place';
import type {StreamState} from '../memory/state';
import type {Pass} from './pass';
import {isReached, type Step, type Target} from './step';
import {commit} from './writing';

/** 32-bit words of the values, and behind them of their places; kernels write whole vectors. */
export const topKWords = ({k}: TopK): number => 2 * (k + 16);

export class TopKStep implements Step {
  constructor(
    private readonly place: Workplace,
    readonly node: Node<ExternalOp>,
    private readonly known: TopK,
    private readonly source: number,
    private readonly input: ValueLayout,
    /** Where the values go; their indices are no activation. */
    private readonly target: Target,
    /** Where `topKWords` words go. */
    private readonly buffer: number,
  ) {}

  get fullCost(): number {
    return (this.input.height * this.input.width * this.input.channels) / 4;
  }

  run(pass: Pass): void {
    const {state, full, rollbackLog} = pass;
    const {node, input, known, buffer, place} = this;
    const [values, indices] = node.outputs;
    state.affected[node.id] = state.computed[node.id] = state.changed[values] = state.changed[indices] = 0;
    if (!full && !isReached(node, state, [this.source])) return;
    const {kernels, heap, scratch} = place;
    const {height, width, channels, rowBytes} = input;
    const places = buffer + 4 * known.k + 64;
    kernels.topValues(state.at + input.at, height, width * channels, rowBytes, known.k, buffer, places);
    const {output} = this.target;
    kernels.addressSteps(1, state.at + output.at, output.pixelBytes, scratch.targets);
    rollbackLog?.save(scratch.targets, 1, output.pixelBytes);
    commit(place, this.target, pass, buffer, 0, 1);
    kernels.fillMask(state.at + output.mask, 1, 1);
    state.changed[values] = full ? 1 : heap.octets[scratch.flags];
    this.keep(state, indices, heap.ints.slice(places >>> 2, (places >>> 2) + known.k), full);
    state.affected[node.id] = state.computed[node.id] = 1;
  }

  forecast(state: StreamState): number {
    const {node} = this;
    const reached = isReached(node, state, [this.source]);
    for (const id of node.outputs) state.changed[id] = reached ? 1 : 0;
    const {output} = this.target;
    if (reached) this.place.kernels.fillMask(state.at + output.mask, 1, 1);
    return reached ? this.fullCost : 0;
  }

  private keep(state: StreamState, id: number, places: Int32Array, full: boolean): void {
    const found: OpaqueValue = {shape: this.known.shape, dtype: 'int32', values: places};
    state.changed[id] = full || !isSameOpaque(found, state.opaque.get(id)) ? 1 : 0;
    state.opaque.set(id, found);
  }
}
