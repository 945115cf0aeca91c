/**
 * Frames on their way in: each input's values are brought to the device where they are not there, compared with the
 * cached activation through the gate, and copied where they differ. How depends on what a frame comes as, which seldom
 * changes within a stream: the calls' parameters are written anew where it does.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {Layout} from '../../../graph';
import type {Gate, Region} from '../../../region';
import type {FrameArray, FrameImage, FrameValue} from '../../engine';
import {isTensor} from '../../shared/is-tensor';
import {bufferOf, newTensor, pendingCommands, type WebGpuBackend} from '../device/backend';
import type {ValueLayout} from '../memory/layout';
import type {GpuState} from '../memory/state';
import type {Constants} from '../memory/streams';
import type {Workspace} from '../memory/workspace';
import {call, workFor, type Call} from '../wgsl/call';
import {NO_TOLERANCE} from '../wgsl/commit';
import {CROWDED, GROWN, TAKE_BUFFER, TAKE_PICTURE} from '../wgsl/frame';
import {Upload} from './upload';

/** No mask: everything passes. */
const OPEN = 0xffffffff;

const FLOATS = 0;
const INTEGERS = 1;
const BYTES = 2;

/** How values lie in a buffer. */
interface Form {
  readonly format: number;
  readonly pixelStride: number;
  readonly channelStride: number;
}

/** Of a texture the kernel knows. */
const IN_TEXTURE: Form = {format: FLOATS, pixelStride: 0, channelStride: 0};

/** The calls that mark the pixels over the gate, where more than that decides, and that take what passes. */
interface Takers {
  readonly over: Call;
  readonly take: Call;
}

/** Where a frame lies now, and how. */
interface Source {
  readonly from: GPUBuffer | GPUTexture;
  readonly form: Form;
}

/** Where an input has what is its own in a stream. */
export interface Places {
  /** Masks that are cleared every frame, of a gate that narrows. */
  readonly first: number;
  readonly second: number;
  /** The mask of callers' regions. */
  readonly given: number;
  /** The gate's tolerances among the activations; or that there are none. */
  readonly tolerance: number;
}

/** Whether more than a pixel's own value decides if it passes. */
export const isNarrowing = ({neighbours, grow}: Gate): boolean => neighbours > 0 || grow > 0;

/** The parameters that the takers of a value share. */
export function takenInto(layout: ValueLayout) {
  const {at, vectors, channels, width, pixels, mask, rowWords} = layout;
  return {out: at, vectors, channels, width, pixels, mask, rowWords};
}

/** One value of the graph's inputs. */
export class TakenInput {
  private readonly takers: {readonly buffer: Takers; readonly picture: Takers};
  /** Leaves those that are not alone, and lets the rest grow. */
  private readonly narrowed: readonly Call[] = [];
  private readonly passed: number;
  private written = '';
  private readonly upload = new Upload();

  constructor(
    private readonly layout: ValueLayout,
    private readonly gate: Gate,
    private readonly order: Layout | undefined,
    private readonly places: Places,
  ) {
    const work = workFor(layout.pixels);
    // Written anew once it is known what frames come as.
    const parameters = this.parametersOf(IN_TEXTURE, OPEN, NO_TOLERANCE);
    const buffer = () => call(TAKE_BUFFER, parameters, work);
    const picture = () => call(TAKE_PICTURE, parameters, work);
    this.takers = {
      buffer: {over: buffer(), take: buffer()},
      picture: {over: picture(), take: picture()},
    };
    const {calls, last} = this.narrowing();
    const isNarrowed = isNarrowing(gate);
    this.narrowed = isNarrowed ? calls : [];
    this.passed = isNarrowed ? last : OPEN;
  }

  /** All calls there may be, for their parameters to have a place. */
  get calls(): readonly Call[] {
    const {buffer, picture} = this.takers;
    return [buffer.over, buffer.take, picture.over, picture.take, ...this.narrowed];
  }

  /** The gate's tolerances, to be written into new activations. */
  get tolerances(): Constants | null {
    const {places, gate, layout} = this;
    if (places.tolerance === NO_TOLERANCE) return null;
    return {at: places.tolerance, values: new Float32Array(4 * layout.vectors).fill(gate.value)};
  }

  /** Brings values to the device, where they are not there. */
  source(backend: WebGpuBackend, value: FrameValue): Source {
    const {channels, width, height} = this.layout;
    if (isTensor(value)) {
      const format = value.dtype === 'float32' ? FLOATS : INTEGERS;
      return {from: bufferOf(backend, value), form: this.formOf(format, channels)};
    }
    const {maxTextureDimension2D} = backend.device.limits;
    if (isImage(value) && Math.max(width, height) <= maxTextureDimension2D)
      return {from: this.upload.image(backend.device, value, width, height), form: IN_TEXTURE};
    return {from: this.upload.array(backend.device, value), form: this.formOf(formatOf(value), value.stride)};
  }

  /**
   * The calls that take a frame, with their parameters written.
   * @param given the caller's own region, in place of a comparison through the gate; null compares
   */
  prepare(
    backend: WebGpuBackend,
    workspace: Workspace,
    state: GpuState,
    {form}: Source,
    given: Region | null,
  ): readonly Call[] {
    if (given) backend.queue.writeBuffer(state.masks, 4 * this.places.given, given.words as BufferSource);
    const takers = form === IN_TEXTURE ? this.takers.picture : this.takers.buffer;
    const key = `${Object.values(form).join()} ${given !== null}`;
    if (key !== this.written) this.write(workspace, takers, form, given !== null);
    this.written = key;
    if (given || this.narrowed.length === 0) return [takers.take];
    return [takers.over, ...this.narrowed, takers.take];
  }

  /** A copy of what the activations were computed from, in the form that frames come in. */
  cached(backend: WebGpuBackend, {values}: GpuState): tf.Tensor {
    const {at, vectors, pixels, height, width, channels} = this.layout;
    const {tensor, buffer} = newTensor(backend, [1, height, width, 4 * vectors], 'float32');
    pendingCommands(backend).copyBufferToBuffer(values, 16 * at, buffer, 0, 16 * vectors * pixels);
    backend.submitQueue();
    const frame = tf.tidy(() => {
      const own = tf.slice(tensor, [0, 0, 0, 0], [1, height, width, channels]);
      return this.order === 'channelsFirst' ? tf.transpose(own, [0, 3, 1, 2]) : own;
    });
    tensor.dispose();
    return frame;
  }

  dispose(): void {
    this.upload.dispose();
  }

  private write(workspace: Workspace, {over, take}: Takers, form: Form, isGiven: boolean): void {
    const {places, passed} = this;
    const {tolerance} = places;
    const isWhole = this.narrowed.length === 0;
    const through = isGiven ? places.given : passed;
    const own = isGiven || isWhole ? tolerance : NO_TOLERANCE;
    workspace.rewrite(take, this.parametersOf(form, through, own));
    const marking = {...this.parametersOf(form, OPEN, tolerance), mask: places.first, copies: 0};
    workspace.rewrite(over, marking);
  }

  private parametersOf(form: Form, gate: number, tolerance: number) {
    return {...takenInto(this.layout), gate, tolerance, copies: 1, ...form};
  }

  private formOf(format: number, stride: number): Form {
    return this.order === 'channelsFirst'
      ? {format, pixelStride: 1, channelStride: this.layout.pixels}
      : {format, pixelStride: stride, channelStride: 1};
  }

  /** From the first mask on to and fro between the two; the last written one is what passes. */
  private narrowing(): {calls: Call[]; last: number} {
    const {gate, layout, places} = this;
    const {width, height, rowWords, maskWords} = layout;
    const calls: Call[] = [];
    let [from, into] = [places.first, places.second];
    const kernels = [
      ...(gate.neighbours > 0 ? [CROWDED] : []),
      ...new Array<typeof GROWN>(gate.grow).fill(GROWN),
    ];
    for (const kernel of kernels) {
      const parameters = {origin: from, into, width, height, rowWords, least: gate.neighbours};
      calls.push(call(kernel, parameters, workFor(maskWords)));
      [from, into] = [into, from];
    }
    return {calls, last: from};
  }
}

const formatOf = ({data}: FrameArray): number =>
  data instanceof Float32Array ? FLOATS : data instanceof Int32Array ? INTEGERS : BYTES;

const isImage = (value: FrameArray): value is FrameImage => 'image' in value;
