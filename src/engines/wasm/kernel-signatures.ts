/** Made by scripts/kernels.mjs: the kernels of the WebAssembly engine, what they take and return. */
// d7d1aead86a8412bb14c6590e27e2b9a6dc01c06a7df957974d57a118006519c
/** an address */
type usize = number;
/** a whole number */
type i32 = number;
/** rounded to float32 */
type f32 = number;
/** any number */
type f64 = number;
export interface Kernels {
  readonly fillMask: (mask: usize, height: i32, width: i32) => void;
  readonly uniteMask: (from: usize, into: usize, words: i32) => void;
  readonly countMask: (mask: usize, words: i32) => i32;
  readonly propagateMask: (from: usize, height: i32, width: i32, into: usize, outHeight: i32, outWidth: i32, kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, padTop: i32, padLeft: i32, rows: usize, rowBytes: usize, guard: usize) => void;
  readonly translateMask: (from: usize, height: i32, width: i32, into: usize, outHeight: i32, outWidth: i32, dy: i32, dx: i32, rows: usize, rowBytes: usize, guard: usize) => void;
  readonly spreadMask: (from: usize, height: i32, width: i32, into: usize, outHeight: i32, outWidth: i32, fh: i32, fw: i32, reachY: i32, reachX: i32, beforeY: i32, beforeX: i32) => void;
  readonly reinterpretMask: (from: usize, height: i32, width: i32, channels: i32, into: usize, outHeight: i32, outWidth: i32, outChannels: i32) => void;
  readonly gateMask: (mask: usize, height: i32, width: i32, least: i32, grow: i32, copy: usize) => i32;
  readonly listPixels: (mask: usize, height: i32, width: i32, ys: usize, xs: usize) => i32;
  readonly addressPixels: (ys: usize, xs: usize, n: i32, base: usize, rowBytes: i32, pixelBytes: i32, to: usize) => void;
  readonly addressSteps: (n: i32, base: usize, bytes: i32, to: usize) => void;
  readonly addressRows: (numbers: usize, n: i32, base: usize, bytes: i32, to: usize) => void;
  readonly addressSources: (ys: usize, xs: usize, n: i32, base: usize, rowBytes: i32, pixelBytes: i32, height: i32, width: i32, dy: i32, dx: i32, fh: i32, fw: i32, to: usize) => void;
  readonly listPhase: (ys: usize, xs: usize, n: i32, padTop: i32, padLeft: i32, sh: i32, sw: i32, phaseY: i32, phaseX: i32, base: usize, rowBytes: i32, pixelBytes: i32, to: usize, toBytes: i32, sources: usize, targets: usize) => i32;
  readonly copyValues: (ys: usize, xs: usize, n: i32, width: i32, channels: i32, base: usize, rowBytes: i32, rowValues: i32, to: usize) => void;
  readonly copyWhereThere: (addresses: usize, n: i32, bytes: i32, to: usize) => void;
  readonly listBlocks: (ys: usize, xs: usize, n: i32, width: i32, size: i32, to: usize) => i32;
  readonly listGroups: (blocks: usize, n: i32, size: i32, to: usize) => i32;
  readonly keepFlagged: (ys: usize, xs: usize, flags: usize, n: i32, mask: usize, width: i32) => i32;
  readonly pickMask: (from: usize, width: i32, into: usize, outHeight: i32, outWidth: i32, lowRows: usize, highRows: usize, lowColumns: usize, highColumns: usize, row: usize) => void;
  readonly addressTables: (ys: usize, xs: usize, n: i32, base: usize, rows: usize, columns: usize, missing: usize, to: usize) => void;
  readonly commitExact: (from: usize, n: i32, C: i32, output: usize, flags: usize) => void;
  readonly commitWithin: (from: usize, n: i32, C: i32, tolerance: usize, output: usize, flags: usize) => void;
  readonly savePixels: (addresses: usize, n: i32, bytes: i32, to: usize) => void;
  readonly restorePixels: (addresses: usize, n: i32, bytes: i32, from: usize) => void;
  readonly conv: (input: usize, n: i32, filter: usize, channels: i32, rows: i32, rowSkip: i32, runs: i32, runBytes: i32, runSkip: i32, low: f32, high: f32, output: usize, flags: usize) => void;
  readonly diffFrame: (frame: usize, kind: i32, stride: i32, cached: usize, rowBytes: i32, height: i32, width: i32, C: i32, gate: f32, mask: usize) => i32;
  readonly takeFrame: (frame: usize, kind: i32, stride: i32, cached: usize, rowBytes: i32, height: i32, width: i32, C: i32, gate: f32, mask: usize, prune: i32) => i32;
  readonly holdsOdd: (frame: usize, stride: i32, height: i32, width: i32, C: i32, mask: usize, infinite: i32) => i32;
  readonly activateInPlace: (at: usize, count: i32, kind: i32, parameter: f32) => void;
  readonly activate: (from: usize, n: i32, C: i32, kind: i32, parameter: f32, to: usize) => void;
  readonly softmax: (from: usize, n: i32, C: i32, log: i32, to: usize) => void;
  readonly normalize: (from: usize, n: i32, C: i32, mean: usize, scale: usize, beta: usize, perPixel: i32, ys: usize, xs: usize, W: i32, to: usize) => void;
  readonly normalizeInPlace: (from: usize, n: i32, C: i32, mean: usize, scale: usize, beta: usize, low: f32, high: f32, output: usize, flags: usize) => void;
  readonly prelu: (from: usize, n: i32, C: i32, alpha: usize, perPixel: i32, ys: usize, xs: usize, W: i32, to: usize) => void;
  readonly pool: (ys: usize, xs: usize, n: i32, base: usize, rowBytes: i32, H: i32, W: i32, C: i32, kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, padTop: i32, padLeft: i32, average: i32, to: usize) => void;
  readonly depthwise: (input: usize, n: i32, C: i32, multiplier: i32, taps: usize, nTaps: i32, width: i32, weights: usize, bias: usize, low: f32, high: f32, output: usize, flags: usize) => void;
  readonly fold: (fn: i32, from: usize, n: i32, C: i32, oneChannel: i32, onePixel: usize, to: usize) => void;
  readonly mergePair: (fn: i32, a: usize, oneA: i32, b: usize, oneB: i32, n: i32, C: i32, low: f32, high: f32, output: usize, flags: usize) => void;
  readonly scaleInPlace: (at: usize, count: i32, factor: f32) => void;
  readonly copyPixels: (from: usize, n: i32, bytes: i32, to: usize, toStride: i32) => void;
  readonly upsampleBilinear: (ys: usize, xs: usize, n: i32, base: usize, rowBytes: i32, H: i32, W: i32, C: i32, fh: i32, fw: i32, to: usize) => void;
  readonly resizeBilinear: (ys: usize, xs: usize, n: i32, base: usize, C: i32, rows: usize, columns: usize, to: usize) => void;
  readonly denseBlocks: (blocks: usize, nb: i32, B: i32, pixels: i32, W: i32, base: usize, rowBytes: i32, C: i32, weights: usize, U4: i32, partials: usize) => void;
  readonly poolBlocks: (blocks: usize, nb: i32, B: i32, pixels: i32, W: i32, base: usize, rowBytes: i32, C: i32, C4: i32, maximum: i32, partials: usize) => void;
  readonly reduceGroups: (groups: usize, ng: i32, perGroup: i32, blocks: i32, U4: i32, partials: usize, sums: usize, maximum: i32) => void;
  readonly reduceTotal: (sums: usize, nGroups: i32, U4: i32, bias: usize, factor: f32, maximum: i32, to: usize) => void;
  readonly flagBreaks: (targets: usize, n: i32, C: i32, old: usize, rule: i32, flags: usize) => void;
  readonly packPixels: (ys: usize, xs: usize, width: i32, flags: usize, n: i32, kept: i32, C: i32, old: usize, targets: usize, to: usize) => i32;
  readonly unpackPixels: (record: usize, kept: i32, width: i32, ys: usize, xs: usize) => void;
  readonly undoPixels: (record: usize, kept: i32, width: i32, C: i32, base: usize, rowBytes: i32, pixelBytes: i32) => void;
  readonly takeDelta: (targets: usize, n: i32, C: i32, gOffset: i32, kind: i32, parameter: f32, d: usize, pitch: i32) => void;
  readonly takeDeltaFrom: (z: usize, targets: usize, n: i32, C: i32, gOffset: i32, kind: i32, parameter: f32, d: usize, pitch: i32) => void;
  readonly softmaxDelta: (targets: usize, n: i32, C: i32, gOffset: i32, isLog: i32, d: usize, pitch: i32) => void;
  readonly filterGradient: (input: usize, n: i32, rows: i32, rowSkip: i32, runs: i32, runBytes: i32, runSkip: i32, d: usize, pitch: i32, channels: i32, to: usize) => void;
  readonly inputGradient: (input: usize, n: i32, gOffset: i32, rows: i32, rowSkip: i32, runs: i32, runBytes: i32, runSkip: i32, d: usize, pitch: i32, channels: i32, filter: usize) => void;
  readonly denseGradient: (ys: usize, xs: usize, n: i32, planeWidth: i32, input: usize, rowBytes: i32, C: i32, weights: usize, width: i32, prefix: usize, last: usize, now: i32, gOffset: i32, needsInput: i32, to: usize, row: usize) => void;
  readonly depthwiseGradient: (input: usize, n: i32, channels: i32, multiplier: i32, taps: usize, tapCount: i32, weights: usize, gOffset: i32, needsInput: i32, d: usize, pitch: i32, to: usize) => void;
  readonly meanGradient: (ys: usize, xs: usize, n: i32, planeWidth: i32, input: usize, rowBytes: i32, C: i32, prefix: usize, width: i32, last: usize, now: i32, gOffset: i32, factor: f64) => void;
  readonly poolGradient: (ys: usize, xs: usize, n: i32, base: usize, rowBytes: i32, H: i32, W: i32, C: i32, kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, padTop: i32, padLeft: i32, average: i32, gOffset: i32, d: usize, pitch: i32) => void;
  readonly addPixels: (addresses: usize, n: i32, floats: i32, gOffset: i32, d: usize, pitch: i32, skip: i32, factor: f32) => void;
  readonly addToOne: (pixel: usize, n: i32, floats: i32, gOffset: i32, d: usize, pitch: i32, factor: f32) => void;
  readonly addChannelSum: (addresses: usize, n: i32, channels: i32, gOffset: i32, d: usize, pitch: i32, factor: f32) => void;
  readonly addChannelSumToOne: (pixel: usize, n: i32, channels: i32, gOffset: i32, d: usize, pitch: i32, factor: f32) => void;
  readonly multiplyDelta: (addresses: usize, n: i32, channels: i32, oneChannel: i32, onePixel: usize, d: usize, pitch: i32) => void;
  readonly claimDelta: (addresses: usize, n: i32, channels: i32, oneChannel: i32, onePixel: usize, z: usize, d: usize, pitch: i32, gOffset: i32) => void;
  readonly spreadGradient: (ys: usize, xs: usize, n: i32, base: usize, rowBytes: i32, H: i32, W: i32, C: i32, fh: i32, fw: i32, gOffset: i32, d: usize, pitch: i32) => void;
  readonly valuesGradient: (ys: usize, xs: usize, n: i32, width: i32, channels: i32, base: usize, rowBytes: i32, rowValues: i32, gOffset: i32, d: usize, pitch: i32) => void;
  readonly normalizeGradient: (sources: usize, n: i32, C: i32, mean: usize, scale: usize, perPixel: i32, ys: usize, xs: usize, W: i32, gOffset: i32, needsInput: i32, d: usize, pitch: i32, toScale: usize, toOffset: usize) => void;
  readonly preluGradient: (sources: usize, n: i32, C: i32, alpha: usize, perPixel: i32, ys: usize, xs: usize, W: i32, gOffset: i32, needsInput: i32, d: usize, pitch: i32, toAlpha: usize) => void;
  readonly addPlane: (from: usize, base: usize, rowBytes: i32, H: i32, W: i32, C: i32, gOffset: i32) => void;
  readonly topValues: (from: usize, rows: i32, length: i32, rowBytes: i32, k: i32, values: usize, indices: usize) => void;
  readonly sameValues: (a: usize, b: usize, count: i32) => i32;
}
