/** The streams' states of one program: found in a cache, made there, or copied for a variant. */
import type {ActivationCache} from '../../../cache';
import type {Allocator} from '../device/allocator';
import {GpuState, type StateSizes} from './state';
import type {Resources} from './workspace';

/** Constants among a stream's activations: their offset in vectors. */
export interface Constants {
  readonly at: number;
  readonly values: Float32Array;
}

export class Streams {
  /** @param constants what is written into every new state */
  constructor(
    private readonly resources: Resources,
    private readonly allocator: Allocator,
    private readonly sizes: StateSizes,
    private readonly constants: readonly Constants[],
  ) {}

  /** The state in a cache, with the weights as they are; null where there is none. */
  in(cache: ActivationCache): GpuState | null {
    const state = this.anyIn(cache);
    return state?.weightsVersion === this.resources.workspace.weights.version ? state : null;
  }

  /** A state of other weights than those of now; null where there is none such. */
  outdatedIn(cache: ActivationCache): GpuState | null {
    return this.in(cache) ? null : this.anyIn(cache);
  }

  /** Whether a cache holds just this state still. */
  isIn(cache: ActivationCache, state: GpuState): boolean {
    return cache.content(GpuState) === state;
  }

  allocate(cache: ActivationCache): GpuState {
    // What is there is of no use any more, and its memory may be needed.
    cache.clear();
    const {resources, sizes, constants} = this;
    const {gpu, workspace} = resources;
    const {version} = workspace.weights;
    const state = this.allocator.make(() => new GpuState(this, version, resources, sizes));
    cache.hold(state);
    for (const {at, values} of constants)
      gpu.queue.writeBuffer(state.values, 16 * at, values as BufferSource);
    return state;
  }

  /** A copy of a state, to compute a variant on. */
  shadowOf(state: GpuState, encoder: GPUCommandEncoder): GpuState {
    return state.hasShadow ? state.shadow(encoder) : this.allocator.make(() => state.shadow(encoder));
  }

  private anyIn(cache: ActivationCache): GpuState | null {
    const state = cache.content(GpuState);
    return state?.owner === this ? state : null;
  }
}
