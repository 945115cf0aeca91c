/**
 * Frames of one stream under record: forwards it keeps what they overwrite, and the rows of the cut points. The backward pass is
 * backward-pass.ts.
 */
import type {ActivationCache} from '../../../cache';
import type {RecordOptions} from '../../engine';
import {checkUsable, noSpace} from '../../shared/training/usable';
import {StreamState} from '../memory/state';
import type {FrameRecording} from '../recorder';
import type {Recorder} from '../schedule/pass';
import {runBackward} from './backward-pass';
import type {Plan, PlannedCutPoint} from './plan';
import {Rows} from './rows';
import {undo} from './undo';
import {LogFull, UndoLog} from './undo-log';

export class WasmRecording implements FrameRecording, Recorder {
  private readonly log = new UndoLog();
  private readonly cutPoints: readonly {readonly cutPoint: PlannedCutPoint; readonly rows: Rows}[];
  private readonly version: number;
  /** The last frame's block; null before the first. */
  private state: StreamState | null = null;
  /** Pixels before they are written, and an entry of the log while it is made: two buffers in the heap. */
  private old: number;
  private entry: number;
  private readonly maxBytes: number;
  private isOver = false;

  constructor(
    private readonly plan: Plan,
    private readonly cache: ActivationCache,
    {maxBytes, keepsRows = true}: RecordOptions,
  ) {
    this.maxBytes = maxBytes;
    const {place, layouts, weights} = plan.compiled;
    this.version = weights.version;
    this.cutPoints = keepsRows
      ? plan.cutPoints.map((cutPoint) => ({cutPoint, rows: new Rows(cutPoint.size)}))
      : [];
    const most = (of: (pixels: number, channels: number) => number) =>
      Math.max(...layouts.map(({height, width, channels}) => of(height * width, channels)));
    this.old = place.heap.allocate(most((pixels, channels) => 4 * pixels * channels));
    try {
      this.entry = place.heap.allocate(
        most((pixels, channels) => 4 * pixels * (1 + Math.ceil(channels / 32) + channels)),
      );
    } catch (error) {
      place.heap.release(this.old);
      throw error;
    }
  }

  get bytes(): number {
    return this.log.bytes + this.cutPoints.reduce((sum, {rows}) => sum + rows.bytes, 0);
  }

  get frames(): number {
    return this.log.length;
  }

  rows(cutPoint: number): Float32Array {
    return this.cutPoints[cutPoint].rows.values;
  }

  begin(): Recorder | null {
    this.check();
    const growth = this.cutPoints.reduce((sum, {rows}) => sum + rows.growth, 0);
    if (growth > 0 && this.bytes + growth > this.maxBytes) throw this.noSpace;
    if (this.frames === 0) return null;
    return this;
  }

  check(): void {
    const {weights} = this.plan.compiled;
    weights.refresh();
    const held = this.cache.content(StreamState);
    checkUsable({
      isOver: this.isOver,
      sameWeights: weights.version === this.version,
      sameCache: this.frames === 0 || (held === this.state && held !== null && held.valid),
    });
  }

  before(count: number, bytes: number): void {
    const {kernels, scratch} = this.plan.compiled.place;
    kernels.savePixels(scratch.targets, count, bytes, this.old);
  }

  after(state: StreamState, value: number, count: number): number {
    const {compiled, rules, kernels: backward} = this.plan;
    const {kernels, scratch, heap} = compiled.place;
    const {width, channels, mask} = compiled.layouts[value];
    const {ys, xs, targets, flags} = scratch;
    backward.flagBreaks(targets, count, channels, this.old, rules.breaks[value], flags);
    const kept = kernels.keepFlagged(ys, xs, flags, count, state.at + mask, width);
    if (kept === 0) return 0;
    const {old, entry} = this;
    const bytes = backward.packPixels(ys, xs, width, flags, count, kept, channels, old, targets, entry);
    const limit = this.maxBytes - (this.bytes - this.log.bytes);
    try {
      this.log.add(value, kept, heap.octets.subarray(entry, entry + bytes), limit);
    } catch (error) {
      // This value is not in the log: it is restored from what was saved of it.
      kernels.restorePixels(targets, count, 4 * channels, old);
      throw error;
    }
    return kept;
  }

  end(state: StreamState): void {
    for (const {cutPoint, rows} of this.cutPoints) {
      const isSame = this.frames > 0 && state.changed[cutPoint.source] === 0;
      if (isSame) rows.repeat();
      else {
        cutPoint.read(state.at, rows.next());
        rows.keep();
      }
    }
    this.state = state;
    this.log.close();
  }

  undo(state: StreamState, error: unknown): boolean {
    if (!(error instanceof LogFull)) return false;
    for (const entry of [...this.log.opened].reverse()) undo(this.plan, state, entry, this.entry);
    this.log.forget();
    return true;
  }

  get noSpace(): Error {
    return noSpace(this.frames, this.bytes, this.maxBytes);
  }

  backward(gradients: readonly Float32Array[]): Map<number, Float32Array> {
    this.check();
    const state = this.state!;
    this.isOver = true;
    try {
      return runBackward(this.plan, {state, log: this.log, buffer: this.entry, gradients});
    } finally {
      this.dispose();
      this.cache.clear();
    }
  }

  dispose(): void {
    this.isOver = true;
    const {heap} = this.plan.compiled.place;
    if (this.old !== 0) heap.release(this.old);
    if (this.entry !== 0) heap.release(this.entry);
    this.old = this.entry = 0;
    this.log.clear();
    this.cutPoints.forEach(({rows}) => rows.clear());
    this.state = null;
  }
}
