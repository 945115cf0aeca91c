/** Incoming frames: read as they come, compared with the cached input, and taken over into it. */
import {Tensor} from '@tensorflow/tfjs-core';
import type {Layout} from '../../../graph';
import type {Gate, Region} from '../../../region';
import type {Frame, FrameValue} from '../../engine';
import type {Odd} from '../../shared/non-finite';
import {valuesOf} from '../../shared/values-of';
import {bind} from '../kernels';
import type {ValueLayout} from '../memory/layout';
import type {Workplace} from '../memory/place';
import type {StreamState} from '../memory/state';
import type {Monitors} from '../schedule/pass';

/** How a frame's values are stored; see `assembly/frame.ts`. */
const FLOAT32 = 0;
const INT32 = 1;
const BYTES = 2;

type FrameData = Float32Array | Int32Array | Uint8Array | Uint8ClampedArray;

/** By name: an array of a native addon, or of another window, is no instance of this one's classes. */
function kindOf(data: FrameData): number {
  const name = data[Symbol.toStringTag];
  if (name === 'Float32Array') return FLOAT32;
  return name === 'Int32Array' ? INT32 : BYTES;
}

/** Writes the pixels from `first` to `end` of planes of one channel each, as pixels of all channels. */
function setChannelsLast(into: FrameData, data: FrameData, first: number, end: number, channels: number) {
  const pixels = data.length / channels;
  for (let i = first, to = 0; i < end; i++) {
    for (let c = 0, from = i; c < channels; c++, from += pixels) into[to++] = data[from];
  }
}

/** Of a frame the rows that hold a caller's regions, and the stream in which these are marked. */
interface Part {
  readonly frame: Frame;
  readonly regions: readonly Region[];
  readonly state: StreamState;
}

/** Copies frames into the heap, and does there what has to be done with each. */
export class Frames {
  /** Of each input. */
  private readonly diffs: readonly ReturnType<typeof bind.diffFrame>[];
  private readonly takes: readonly ReturnType<typeof bind.takeFrame>[];
  private readonly kinds: number[];
  private readonly strides: number[];
  /** The frame that lies in the heap, whole. */
  private staged: Frame | null = null;
  /** The rows that lie there instead, which a caller named. */
  private part: Part | null = null;

  constructor(
    private readonly place: Workplace,
    private readonly inputs: readonly ValueLayout[],
    /** The inputs' values. */
    private readonly values: readonly number[],
    private readonly gate: Gate,
    /** How each input comes in; undefined where its channels are last. */
    private readonly layouts: readonly (Layout | undefined)[],
  ) {
    this.diffs = inputs.map((input) => bind.diffFrame(place.kernels, {...input, gate: gate.value}));
    this.takes = inputs.map((input) => bind.takeFrame(place.kernels, input));
    this.kinds = inputs.map(() => FLOAT32);
    this.strides = inputs.map(({channels}) => channels);
  }

  /** Marks in each input's mask what differs from the cached frame; returns how many pixels do. */
  compare(state: StreamState, frame: Frame): number {
    const {frames} = this.place.scratch;
    this.stage(frame);
    let count = 0;
    for (let i = 0; i < this.inputs.length; i++) {
      const {at, height, width, mask: offset} = this.inputs[i];
      const mask = state.at + offset;
      const over = this.diffs[i](frames[i], this.kinds[i], this.strides[i], state.at + at, mask);
      if (over > 0) count += this.passGate(over, mask, height, width);
    }
    return count;
  }

  /** Marks what a caller says has changed; the frame is not looked at. */
  mark(state: StreamState, regions: readonly Region[]): void {
    if (this.part?.state === state && this.part.regions === regions) return;
    const {heap} = this.place;
    this.inputs.forEach(({mask}, i) => heap.ints.set(regions[i].words, (state.at + mask) >>> 2));
    this.part = null;
  }

  /** Marks what a caller says has changed, and reads the frame, but of it only the rows that hold these regions. */
  markAndRead(state: StreamState, frame: Frame, regions: readonly Region[]): void {
    this.mark(state, regions);
    this.inputs.forEach((_input, i) => {
      const bounds = regions[i].bounds();
      if (bounds) this.stageRows(frame[i], i, bounds.y, bounds.y + bounds.height);
    });
    this.staged = null;
    this.part = {frame, regions, state};
  }

  /** The same, unless that is what was done last. */
  markOnce(state: StreamState, frame: Frame, regions: readonly Region[]): void {
    const {part} = this;
    if (part?.frame === frame && part.regions === regions && part.state === state) return;
    this.markAndRead(state, frame, regions);
  }

  /** Whether any pixel is not finite, or infinite where that is what is looked for; with a state, any that it marks. */
  holdsOdd(state: StreamState | null, frame: Frame, odd: Odd): boolean {
    const {kernels, scratch} = this.place;
    this.ensure(frame, state !== null);
    return this.inputs.some(({height, width, channels, mask}, i) => {
      if (this.kinds[i] !== FLOAT32) return false;
      const marked = state === null ? 0 : state.at + mask;
      const infinite = odd === 'infinite' ? 1 : 0;
      return kernels.holdsOdd(scratch.frames[i], this.strides[i], height, width, channels, marked, infinite);
    });
  }

  /**
   * Brings the cached inputs up to the frame: takes the marked pixels over, or all of them.
   * @param given what a caller says has changed, which need not be marked yet; of it, pixels that are not over the gate are left out
   * @returns how many were taken over
   */
  take(
    state: StreamState,
    frame: Frame,
    full: boolean,
    given: readonly Region[] | null,
    monitors: Monitors,
  ): number {
    if (given) this.markOnce(state, frame, given);
    let taken = 0;
    for (let i = 0; i < this.inputs.length; i++) {
      const count = this.takeInput(i, state, frame, full, given !== null, monitors);
      state.changed[this.values[i]] = count;
      taken += count;
    }
    return taken;
  }

  /** Forgets which frame lies in the heap, for it may be refilled; and what is marked. */
  done(): void {
    this.staged = null;
    this.part = null;
  }

  private takeInput(
    input: number,
    state: StreamState,
    frame: Frame,
    full: boolean,
    given: boolean,
    {rollbackLog, recorder}: Monitors,
  ): number {
    const {kernels, scratch} = this.place;
    this.ensure(frame, given);
    const layout = this.inputs[input];
    const mask = state.at + layout.mask;
    if (full) kernels.fillMask(mask, layout.height, layout.width);
    const listed = rollbackLog || recorder ? this.list(state, layout) : 0;
    rollbackLog?.save(scratch.targets, listed, layout.pixelBytes);
    recorder?.before(listed, layout.pixelBytes);
    const {kinds, strides, values} = this;
    const from = scratch.frames[input];
    const cached = state.at + layout.at;
    const gate = given ? this.gate.value : 0;
    const prune = given || (this.gate.grow > 0 && !full) ? 1 : 0;
    const taken = this.takes[input](from, kinds[input], strides[input], cached, gate, mask, prune);
    return recorder ? recorder.after(state, values[input], listed) : taken;
  }

  /** Leaves of a mask's `over` pixels those that count as changed; returns how many they are. */
  private passGate(over: number, mask: number, height: number, width: number): number {
    const {neighbours, grow} = this.gate;
    if (neighbours === 0 && grow === 0) return over;
    const {kernels, scratch} = this.place;
    // The list of pixels is not in use yet, and is large enough for a mask.
    return kernels.gateMask(mask, height, width, neighbours, grow, scratch.ys);
  }

  /** Lists the marked pixels and their addresses; returns how many there are. */
  private list(state: StreamState, layout: ValueLayout): number {
    const {kernels, scratch} = this.place;
    const {ys, xs, targets} = scratch;
    const count = kernels.listPixels(state.at + layout.mask, layout.height, layout.width, ys, xs);
    kernels.addressPixels(ys, xs, count, state.at + layout.at, layout.rowBytes, layout.pixelBytes, targets);
    return count;
  }

  /** @param marked whether the marked pixels will do, which is all that may be there */
  private ensure(frame: Frame, marked: boolean): void {
    if (this.staged !== frame && !(marked && this.part?.frame === frame)) this.stage(frame);
  }

  private stage(frame: Frame): void {
    for (let i = 0; i < frame.length; i++) this.stageRows(frame[i], i, 0, this.inputs[i].height);
    this.staged = frame;
    this.part = null;
  }

  private stageRows(value: FrameValue, i: number, top: number, end: number): void {
    const {heap, scratch} = this.place;
    const {width, height, channels} = this.inputs[i];
    const isTensor = value instanceof Tensor;
    const data: FrameData = isTensor ? valuesOf(value) : value.data;
    const isFirst = this.layouts[i] === 'channelsFirst';
    const stride = isTensor || isFirst ? channels : value.stride;
    const kind = kindOf(data);
    this.strides[i] = stride;
    this.kinds[i] = kind;
    const view = kind === FLOAT32 ? heap.floats : kind === INT32 ? heap.ints : heap.octets;
    const [first, last] = [top * width, end * width];
    const at = scratch.frames[i] / view.BYTES_PER_ELEMENT;
    if (isFirst) {
      setChannelsLast(view.subarray(at + first * stride, at + last * stride), data, first, last, channels);
    } else {
      const rows = end - top === height ? data : data.subarray(first * stride, last * stride);
      view.set(rows, at + first * stride);
    }
  }
}
