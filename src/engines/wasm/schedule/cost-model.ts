/** What frames will take, reckoned from the pixels a change reaches; and monitoring frames without computing them. */
import type {ActivationCache} from '../../../cache';
import type {Delta, CostModel, Frame} from '../../engine';
import type {StreamState} from '../memory/state';
import type {Compiled} from './compiled';

/** Milliseconds of a node beside its arithmetic: its calls, its masks, its lists. */
const MS_PER_NODE = 0.004;

/** What the program does for it. */
export interface Monitored {
  stateIn(cache: ActivationCache): StreamState | null;
  /** Marks what a delta says has changed, where the marks are not there already. */
  mark(state: StreamState, delta: Delta): void;
  /** Takes a frame over as the last one seen, and leaves the activations. */
  see(cache: ActivationCache, frame: Frame): void;
}

export class WasmCostModel implements CostModel {
  constructor(
    private readonly compiled: Compiled,
    private readonly inputs: readonly number[],
    private readonly msPerMac: number,
    private readonly monitored: Monitored,
  ) {}

  /** Weights that are assigned may change it. */
  get fullMs(): number {
    return this.msOf(this.compiled.steps.reduce((sum, {fullCost}) => sum + fullCost, 0));
  }

  forecast(cache: ActivationCache, delta: Delta): number {
    const state = this.monitored.stateIn(cache);
    if (state === null || (delta.share ?? 1) >= 1) return this.fullMs;
    const {layouts, place, steps} = this.compiled;
    this.monitored.mark(state, delta);
    for (const id of this.inputs) {
      const {mask, maskWords} = layouts[id];
      state.changed[id] = place.kernels.countMask(state.at + mask, maskWords);
    }
    let cost = 0;
    for (const step of steps) cost += step.forecast(state);
    return this.msOf(cost);
  }

  monitor(cache: ActivationCache, frame: Frame): void {
    this.monitored.see(cache, frame);
  }

  private msOf(cost: number): number {
    return cost * this.msPerMac + this.compiled.steps.length * MS_PER_NODE;
  }
}
