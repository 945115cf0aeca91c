/**
 * What a frame changes: compared with the cached one, or as its caller says; and whether what changed holds a value of which
 * the engine would make something else than the model.
 */
import type {Graph} from '../../../graph';
import {Region} from '../../../region';
import type {Delta, Frame} from '../../engine';
import {NO_GRADIENT, oddNodeOf, weightsUnsupportedReason, type OddNode} from '../../shared/non-finite';
import type {ValueLayout} from '../memory/layout';
import {regionOf} from '../memory/read';
import type {StreamState} from '../memory/state';
import {oddWeights, type Compiled} from '../schedule/compiled';
import type {Frames} from './frames';

/** A caller's word on what changed. What was compared is marked in the stream's masks instead. */
interface GivenDelta extends Delta {
  readonly given: readonly Region[];
}

const EVERYTHING: Delta = {share: 1, full: true};

/** The regions of a delta that are a caller's; null where they were compared. */
export const givenIn = (delta: Delta): readonly Region[] | null =>
  (delta as Partial<GivenDelta>).given ?? null;

export class Differences {
  private readonly pixels: number;
  /** The node because of which frames that are not finite go to the model; null for none. */
  private readonly odd: OddNode | null;
  private weightsReason: string | null;

  constructor(
    graph: Graph,
    backend: string,
    private readonly compiled: Compiled,
    private readonly inputs: readonly ValueLayout[],
    private readonly frames: Frames,
  ) {
    this.pixels = inputs.reduce((sum, {height, width}) => sum + height * width, 0);
    this.odd = oddNodeOf(graph, {engine: 'wasm', backend});
    this.weightsReason = weightsUnsupportedReason(oddWeights(compiled), this.odd);
  }

  /** Looks at weights that were assigned. */
  refresh(): void {
    this.weightsReason = weightsUnsupportedReason(oddWeights(this.compiled), this.odd);
  }

  /** @param state what the cache holds; null where everything is to be computed */
  between(state: StreamState | null, frame: Frame, changed: readonly Region[] | null): Delta {
    if (state === null) {
      const unsupportedReason = this.reasonOf(null, frame);
      return unsupportedReason === null ? EVERYTHING : {...EVERYTHING, unsupportedReason};
    }
    if (changed && state.valid) return this.givenDelta(state, frame, changed);
    const {delta} = state;
    const count = this.frames.compare(state, frame);
    delta.share = count / this.pixels;
    delta.full = !state.valid;
    delta.unsupportedReason = count === 0 ? this.weightsReason : this.reasonOf(state, frame);
    return delta;
  }

  /** @param state of the cached frame, which the delta is from; null where all of the frame has to be looked at */
  gradientUnsupportedReason(state: StreamState | null, frame: Frame, delta: Delta | null): string | null {
    const given = delta && givenIn(delta);
    if (state && given) this.frames.markOnce(state, frame, given);
    const unsupportedReason = this.frames.holdsOdd(state, frame, 'non-finite')
      ? (this.odd?.reason ?? NO_GRADIENT)
      : this.weightsReason;
    // One that is not refused is run next, and is read already.
    if (!delta || unsupportedReason !== null) this.frames.done();
    return unsupportedReason;
  }

  regionsOf(delta: Delta): readonly Region[] {
    const given = givenIn(delta);
    if (given) return given;
    if (delta.full) return this.inputs.map(({height, width}) => Region.full(height, width));
    const {state} = delta as StreamState['delta'];
    const {heap} = this.compiled.place;
    return this.inputs.map((layout) => regionOf(heap, state, layout, layout.height * layout.width));
  }

  private givenDelta(state: StreamState, frame: Frame, given: readonly Region[]): GivenDelta {
    const area = given.reduce((sum, region) => sum + region.area, 0);
    if (this.odd) this.frames.markAndRead(state, frame, given);
    const unsupportedReason = this.reasonOf(state, frame);
    return {share: area / this.pixels, full: false, given, unsupportedReason};
  }

  /**
   * Why the engine would compute something else of a frame than the model. What is cached of the input holds nothing of the
   * kind, so that only what changed has to be looked at.
   * @param state in which the changed pixels are marked; null where all are
   */
  private reasonOf(state: StreamState | null, frame: Frame): string | null {
    const {odd} = this;
    if (odd && this.frames.holdsOdd(state, frame, odd.odd)) return odd.reason;
    return this.weightsReason;
  }
}
