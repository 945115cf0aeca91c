/**
 * The inputs in a stream's cache: what of a new frame differs from them, and their update to it. Where the memory cannot
 * compare by itself, a copy of the last frame is kept on this side.
 */
import * as tf from '@tensorflow/tfjs-core';
import {planeOf, type Graph, type Plane, type ValueId} from '../../../graph';
import {diff, gateOf, passGate, Region, type Gate, type InputThreshold} from '../../../region';
import type {Delta} from '../../engine';
import {allPixels, pixelCount, type Comparison, type RollbackLog, type Memory} from '../memory/memory';
import type {PortableState} from '../state/state';

export interface RegionDelta extends Delta {
  readonly regions: readonly Region[];
  /** Whether the regions are the caller's own. */
  readonly given: boolean;
  /** The frame on this side, where it was downloaded for the comparison. */
  readonly downloaded: (Float32Array | Int32Array | Uint8Array)[] | null;
}

/** Where an update goes: the regions by value, and the rollback log of a frame that is not to stay. */
export interface Update {
  readonly regions: readonly Region[];
  readonly rollbackLog: RollbackLog | null;
}

export class CachedInputs {
  private readonly gate: Gate;
  /** What was downloaded of frames, though their regions are a caller's: they were checked. */
  private readonly downloads = new WeakMap<tf.Tensor, Float32Array>();

  constructor(
    private readonly graph: Graph,
    private readonly memory: Memory,
    inputThreshold: InputThreshold,
  ) {
    this.gate = gateOf(inputThreshold);
  }

  /** Bytes of the copies on this side. */
  get bytesHere(): number {
    if (this.memory.comparison) return 0;
    const planes = this.graph.inputs.map((id) => planeOf(this.graph.values[id]));
    return planes.reduce((sum, plane) => sum + 4 * pixelCount(plane) * plane.channels, 0);
  }

  difference(
    state: PortableState | null,
    frame: readonly tf.Tensor[],
    changed: readonly Region[] | null,
  ): RegionDelta {
    if (changed) return state ? this.delta(changed, true) : this.fullDelta();
    const {comparison} = this.memory;
    if (comparison)
      return state ? this.delta(this.compare(state, frame, comparison.now), false) : this.fullDelta();
    const data = frame.map((tensor) => this.noted(tensor, tensor.dataSync() as Float32Array));
    return state ? this.deltaOf(state, data) : this.fullDelta(data);
  }

  async differenceAsync(
    stateNow: () => PortableState | null,
    frame: readonly tf.Tensor[],
    changed: readonly Region[] | null,
  ): Promise<RegionDelta> {
    const {comparison} = this.memory;
    if (changed) return this.difference(stateNow(), frame, changed);
    if (comparison) return this.compareSoon(comparison, stateNow, frame);
    const data = await Promise.all(
      frame.map(async (tensor) => this.noted(tensor, (await tensor.data()) as Float32Array)),
    );
    // Looked up after the download: the cache may have been cleared meanwhile.
    const state = stateNow();
    return state ? this.deltaOf(state, data) : this.fullDelta(data);
  }

  /** Brings the cached inputs up to the frame; adds the pixels that got another value to the inputs' regions. */
  update(state: PortableState, frame: readonly tf.Tensor[], delta: RegionDelta, to: Update): void {
    frame.forEach((tensor, i) => this.updateInput(state, tensor, i, delta, to));
    if (!to.rollbackLog) this.remember(state, delta, frame);
  }

  private noted(tensor: tf.Tensor, data: Float32Array): Float32Array {
    this.downloads.set(tensor, data);
    return data;
  }

  private fullRegion(id: ValueId): Region {
    const {height, width} = planeOf(this.graph.values[id]);
    return Region.full(height, width);
  }

  private fullDelta(downloaded: RegionDelta['downloaded'] = null): RegionDelta {
    const regions = this.graph.inputs.map((id) => this.fullRegion(id));
    return {share: 1, full: true, regions, given: false, downloaded};
  }

  private delta(
    regions: readonly Region[],
    given: boolean,
    downloaded: RegionDelta['downloaded'] = null,
  ): RegionDelta {
    const pixels = regions.reduce((sum, {height, width}) => sum + height * width, 0);
    const area = regions.reduce((sum, region) => sum + region.area, 0);
    return {share: area / pixels, full: false, regions, given, downloaded};
  }

  private deltaOf(state: PortableState, data: Float32Array[]): RegionDelta {
    const regions = data.map((next, i) => {
      const {height, width} = planeOf(this.graph.values[this.graph.inputs[i]]);
      const last = state.lastFrame[i];
      if (!last) return Region.full(height, width);
      const over = diff({data: last, height, width}, {data: next, height, width}, this.gate.value);
      const changed = passGate(over, this.gate);
      return state.unseen[i] ? changed.union(state.unseen[i]) : changed;
    });
    return this.delta(regions, false, data);
  }

  private async compareSoon(
    {soon}: Comparison,
    stateNow: () => PortableState | null,
    frame: readonly tf.Tensor[],
  ): Promise<RegionDelta> {
    const state = stateNow();
    if (!state) return this.fullDelta();
    const over = await Promise.all(this.eachInput(state, frame, soon));
    // The cache may have been cleared meanwhile.
    if (stateNow() !== state) return this.fullDelta();
    return this.delta(
      over.map((region) => passGate(region, this.gate)),
      false,
    );
  }

  private compare(state: PortableState, frame: readonly tf.Tensor[], now: Comparison['now']): Region[] {
    return this.eachInput(state, frame, now).map((region) => passGate(region, this.gate));
  }

  /** Compares each cached input with the frame's. */
  private eachInput<T>(
    state: PortableState,
    frame: readonly tf.Tensor[],
    compare: (cached: tf.Tensor, next: tf.Tensor, plane: Plane, threshold: number) => T,
  ): T[] {
    return frame.map((tensor, i) => {
      const value = this.graph.values[this.graph.inputs[i]];
      return compare(state.slots.get(value.id)!.tensor, tensor, planeOf(value), this.gate.value);
    });
  }

  private updateInput(
    state: PortableState,
    tensor: tf.Tensor,
    input: number,
    delta: RegionDelta,
    {regions, rollbackLog}: Update,
  ): void {
    const {full} = delta;
    const id = this.graph.inputs[input];
    const slot = state.slots.get(id)!;
    const region = delta.regions[input];
    if (region.isEmpty) return;
    const {plane} = slot;
    const pixels = region.isFull ? allPixels(pixelCount(plane)) : region.pixels();
    const rows = tf.reshape(tensor, [pixelCount(plane), plane.channels]);
    const values = region.isFull ? rows : this.memory.gather(rows, plane, pixels, 0);
    // What was compared is over the gate, grown from what is, or downloaded for the first time since a caller's region
    // wrote it: it is written to the bit, so that a frame kept on this side is what the cache holds, and nothing drifts.
    const tolerance = delta.given && this.gate.value > 0 ? this.gate.value : null;
    this.memory.write({slot, pixels, values, tolerance, changed: regions[id], rollbackLog});
    if (full) regions[id].fill();
  }

  /** Keeps the frame on this side, where the memory cannot compare by itself: only the pixels the cache took over. */
  private remember(
    state: PortableState,
    {regions, downloaded, full}: RegionDelta,
    frame: readonly tf.Tensor[],
  ): void {
    if (this.memory.comparison) return;
    frame.forEach((tensor, i) => {
      const seen = downloaded?.[i] ?? this.downloads.get(tensor);
      if (!seen) {
        // Not downloaded: these pixels are compared as changed until a frame is.
        if (full) state.lastFrame[i] = null;
        else state.unseen[i] = state.unseen[i]?.union(regions[i]) ?? regions[i];
        return;
      }
      state.unseen[i] = null;
      const last = state.lastFrame[i];
      if (!last || regions[i].isFull) {
        state.lastFrame[i] = seen.slice();
        return;
      }
      const channels = planeOf(this.graph.values[this.graph.inputs[i]]).channels;
      for (const {y, x, length} of regions[i].spans()) {
        const from = (y * regions[i].width + x) * channels;
        (last as Float32Array).set(seen.subarray(from, from + length * channels), from);
      }
    });
  }
}
