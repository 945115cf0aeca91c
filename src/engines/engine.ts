/**
 * The boundary every engine stands behind: compile a graph, then run whole frames.
 *
 * A frame runs in two calls, so that whoever decides between reuse and a dense frame can look at the change before
 * paying for it: `difference` says what changed, `run` computes what the change reached. What a `Delta` holds is the
 * engine's own affair: a region here, a mask in a heap or on a GPU elsewhere.
 */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {ActivationCache} from '../cache';
import type {Graph, ValueId} from '../graph';
import type {InputThreshold, Region} from '../region';

/**
 * Absolute, in the units of the activation, or relative to each channel's root mean square: `rms`, one value a channel, or
 * that of the frame that filled the cache.
 */
export type Threshold = number | {relative: number; rms?: number[]};

export interface CompileOptions {
  /** Threshold of each node that has one, by node id; a node that is left out is exact. */
  readonly thresholds: ReadonlyMap<number, Threshold>;
  /** When a pixel of an input counts as changed. */
  readonly inputThreshold: InputThreshold;
}

/** One frame's values of one input, row-major, as a caller holds them. */
export interface FrameArray {
  readonly data: Float32Array | Int32Array | Uint8Array | Uint8ClampedArray;
  /** Values a pixel has in `data`: at least the plane's channels, and more where the others are to be left out. */
  readonly stride: number;
}

/** What a page shows or a camera gives: its pixels, as values of 0 to 255. */
export type ImageSource =
  HTMLVideoElement | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | VideoFrame;

/** One frame of one input that is shown somewhere: its values are fetched when asked for, which a GPU need not do. */
export interface FrameImage extends FrameArray {
  readonly image: ImageSource;
}

/** One input of one frame: a tensor of shape [1, ...shape], or its values; read, never kept and never disposed. */
export type FrameValue = Tensor | FrameArray;

/** One value for each input of the graph. */
export type Frame = readonly FrameValue[];

/** The change from the frame that the cache holds to the next one. */
export interface Delta {
  /**
   * Share of the inputs' pixels that changed, 0 to 1; since the last frame, for a cache that only monitors. Null where that
   * stays on the device.
   */
  readonly share: number | null;
  /** True where the cache holds no activations, so that everything is computed. */
  readonly full: boolean;
  /** Why the frame is not the engine's to compute, a clause; null or left out where it is. Nothing may be run with it then. */
  readonly unsupportedReason?: string | null;
}

export interface RunOptions {
  /** Whether the cache moves on to this frame (default), or stays as it was. */
  readonly commit?: boolean;
  /** Which of the graph's outputs are handed out, by their places there; all by default. */
  readonly places?: readonly number[];
  /** Where the values of the output go, if one is handed out: `outputs` is then empty, and no tensor is made. */
  readonly out?: Float32Array;
  /** Where the frame is recorded. Only with `commit`. */
  readonly recording?: Recording;
}

/**
 * Frames of one stream, and what each overwrote, so that their gradients can be had by going back through them.
 * A frame that does not fit is refused, and the stream stays where it was.
 */
export interface Recording {
  /** Bytes held: what frames overwrote, and the values of the cut points. */
  readonly bytes: number;
  readonly frames: number;
  /** @throws where the frames can be neither followed nor differentiated any more; says why */
  check(): void;
  /** Values of a cut point, a row for each frame: of a dense layer those before its activation. */
  rows(cutPoint: number): Float32Array;
  /**
   * The backward pass through the frames, once. The stream's cache is empty afterwards.
   * @param gradients of the loss for each cut point, laid out as `rows`
   * @returns the gradients of the weights recorded for, by index into the graph's weights
   * @throws what `check` throws, and nothing is lost then; after any other error the recording is over
   */
  backward(gradients: readonly Float32Array[]): Map<number, Float32Array>;
  dispose(): void;
}

export interface RecordOptions {
  /** Indices of the weights whose gradients are wanted. */
  readonly weights: ReadonlySet<number>;
  /** Values at which the part that is computed pixel by pixel ends; what is above them is not the recording's affair. */
  readonly cutPoints: readonly ValueId[];
  /** Most bytes that are held. */
  readonly maxBytes: number;
  /** False where nobody asks for `rows`: none are kept. Default true. */
  readonly keepsRows?: boolean;
}

/** What one node did in one frame. */
export interface NodeReport {
  /** Pixels of the output plane; those a change reached; those computed; those whose value changed. */
  readonly pixels: number;
  readonly affected: number;
  readonly computed: number;
  readonly changed: number;
  /** Multiply-adds computed, of the affected pixels alone, and of the whole node. */
  readonly macs: number;
  readonly affectedMacs: number;
  readonly denseMacs: number;
  /** Milliseconds it took. */
  readonly ms: number;
  /** Who computes the node: an engine, or the wrapped model's own layers or nodes. */
  readonly engine: Engine['name'];
  /** Pixels whose value changed. */
  readonly region: Region | null;
}

/** What a report is asked for beside itself. */
export interface ReportOptions {
  /** Whether the next frame's nodes are to be timed, where that costs something. Default false. */
  readonly times?: boolean;
}

export interface RunResult {
  /** Fresh tensors, one for each output that is handed out, sharing nothing with the cache; the caller's to dispose. */
  readonly outputs: Tensor[];
  /**
   * What each node did, by node id; worked out when asked for, of the stream's last frame, where that is another one by now.
   * Null where it has to be read from a device, and where the cache was emptied since.
   */
  report(): NodeReport[] | null;
  /** The same, wherever it is. */
  reportAsync(options?: ReportOptions): Promise<NodeReport[] | null>;
}

/** What an engine can tell of frames that it has not computed: for whoever decides whether it should. */
export interface CostModel {
  /** Milliseconds that computing a whole frame takes, as reckoned. */
  readonly fullMs: number;
  /**
   * Milliseconds that computing what a delta reaches takes, as reckoned. For a cache that only monitors: what it would
   * take if the cache had been kept up.
   */
  forecast(cache: ActivationCache, delta: Delta): number;
  /** Keeps a frame to compare the next one with, and nothing else: activations that were computed are given up. */
  monitor(cache: ActivationCache, frame: Frame): void;
}

/** A graph made ready for an engine on the backend that was current. Its weights are shared by all streams. */
export interface Program {
  readonly graph: Graph;
  readonly backend: string;
  /**
   * What its frames are: tensors alone; or values as well, where a tensor among these is read by the engine; or both, each
   * where it is.
   */
  readonly reads: 'tensors' | 'values' | 'both';
  /** Bytes that a stream's cache takes. */
  readonly cacheBytes: number;
  /** Null where what a frame takes can only be tried out. */
  readonly costModel: CostModel | null;
  /**
   * Whether a delta tells how much changed, and a run ends when the frame is done. Where not, whoever decides has nothing to
   * judge frames by.
   */
  readonly tellsChange: boolean;
  /** True once what it computes on is gone, or there is memory where there was none: the graph has to be compiled anew. */
  readonly isLost?: boolean;
  /** True once more threads are wanted than it was compiled for: it computes as before, but may be faster compiled anew. */
  readonly isOutgrown?: boolean;
  /** Why it can compute no frame of the stream that this cache is of, so that the model has to; null where it can. */
  unsupportedReason(cache: ActivationCache): string | null;
  /** Notices weights that were assigned since; caches filled before then are computed in full. */
  refresh(): void;
  /**
   * What changed since the frame in the cache.
   * @param changed the caller's own regions, one for each input, taken at their word; null compares the frames.
   */
  difference(cache: ActivationCache, frame: Frame, changed: readonly Region[] | null): Delta;
  differenceAsync(cache: ActivationCache, frame: Frame, changed: readonly Region[] | null): Promise<Delta>;
  /**
   * Why no gradient of a frame is to be had; null or left out where every frame's is.
   * @param seen what of it changed since the frame in the cache, as `difference` gave it; left out, all of it is looked at
   */
  gradientUnsupportedReason?(
    frame: Frame,
    seen?: {readonly cache: ActivationCache; readonly delta: Delta},
  ): string | null;
  /**
   * Sees to it that the cache holds the activations of the frame it was last brought up to, with the weights as they are:
   * where the frame was only monitored, or weights were assigned since, it is computed. An error empties the cache.
   * @returns false where the cache has no frame of this program
   */
  catchUp(cache: ActivationCache): boolean;
  catchUpAsync(cache: ActivationCache): Promise<boolean>;
  /** Computes what `delta` reached. An error empties the cache. */
  run(cache: ActivationCache, frame: Frame, delta: Delta, options?: RunOptions): RunResult;
  runAsync(cache: ActivationCache, frame: Frame, delta: Delta, options?: RunOptions): Promise<RunResult>;
  /**
   * The root mean square of each channel of what the cache holds, by node id; of nodes with one output of a known shape.
   * Empty where the cache holds no activations.
   */
  rms(cache: ActivationCache): Promise<ReadonlyMap<number, Float32Array>>;
  /** The regions behind a delta, where they are on this side; for checks and reports. */
  regionsOf(delta: Delta): readonly Region[];
  /** The regions in which a frame differs from the one in the cache, wherever they are; for checks. */
  compare(cache: ActivationCache, frame: Frame): Promise<readonly Region[]>;
  /**
   * Records the frames that are run with it from now on.
   * @throws where the gradient of a node cannot be had; names the node
   */
  record(cache: ActivationCache, options: RecordOptions): Recording;
  dispose(): void;
}

export interface Engine {
  /** 'model' computes nothing: it leaves every frame to the wrapped model. */
  readonly name: 'tfjs' | 'wasm' | 'webgpu' | 'model';
  /** Whether it can compile graphs now. */
  isReady(): boolean;
  /** Resolves once it is ready, or never will be. */
  prepare(): Promise<void>;
  /** What this host lacks for it, a clause, so that it will never be ready; null, or left out, where it may yet be. */
  hostReason?(): string | null;
  /** @throws where the device it computes on was lost, and with it all that the backend has there */
  checkDevice?(): void;
  /** Whether frames and results on this tfjs backend are where the engine computes. */
  suits(backend: string): boolean;
  /** Why it cannot run a graph beside this tfjs backend; null where it can. */
  unsupportedReason(graph: Graph, backend: string): string | null;
  /** Compiles for the current backend. */
  compile(graph: Graph, options: CompileOptions): Program;
}
