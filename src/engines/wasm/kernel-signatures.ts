/** Made by scripts/kernels.mjs: the kernels of the WebAssembly engine, what they take and return. */
// 9501ed426ae404bbc5ef06b3d7f02cbc6e6e6d727744c47445a2a6214a5e90dd
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
  readonly diffFrame: (frame: usize, kind: i32, stride: i32, cached: usize, rowBytes: i32, height: i32, width: i32, channels: i32, gate: f32, mask: usize) => i32;
  readonly takeFrame: (frame: usize, kind: i32, stride: i32, cached: usize, rowBytes: i32, height: i32, width: i32, channels: i32, gate: f32, mask: usize, prune: i32) => i32;
  readonly holdsOdd: (frame: usize, stride: i32, height: i32, width: i32, C: i32, mask: usize, infinite: i32) => i32;
  readonly activateInPlace: (at: usize, count: i32, kind: i32, parameter: f32) => void;
  readonly activate: (from: usize, n: i32, C: i32, kind: i32, parameter: f32, to: usize) => void;
  readonly softmax: (from: usize, n: i32, C: i32, log: i32, to: usize) => void;
  readonly normalize: (from: usize, n: i32, channels: i32, mean: usize, scale: usize, beta: usize, perPixel: i32, ys: usize, xs: usize, width: i32, to: usize) => void;
  readonly normalizeInPlace: (from: usize, n: i32, channels: i32, mean: usize, scale: usize, beta: usize, low: f32, high: f32, output: usize, flags: usize) => void;
  readonly prelu: (from: usize, n: i32, channels: i32, alpha: usize, perPixel: i32, ys: usize, xs: usize, width: i32, to: usize) => void;
  readonly layerNormalize: (from: usize, n: i32, channels: i32, gamma: usize, beta: usize, epsilon: f32, to: usize) => void;
  readonly layerNormalizeInPlace: (from: usize, n: i32, channels: i32, gamma: usize, beta: usize, epsilon: f32, output: usize, flags: usize) => void;
  readonly layerNormalizeGradient: (sources: usize, n: i32, channels: i32, gamma: usize, epsilon: f32, gOffset: i32, needsInput: i32, d: usize, pitch: i32, toGamma: usize, toBeta: usize) => void;
  readonly pool: (ys: usize, xs: usize, n: i32, base: usize, rowBytes: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, padTop: i32, padLeft: i32, average: i32, to: usize) => void;
  readonly depthwise: (input: usize, n: i32, channels: i32, multiplier: i32, taps: usize, tapCount: i32, tapsPerRow: i32, weights: usize, bias: usize, low: f32, high: f32, output: usize, flags: usize) => void;
  readonly fold: (fn: i32, from: usize, n: i32, channels: i32, oneChannel: i32, onePixel: usize, to: usize) => void;
  readonly mergePair: (fn: i32, a: usize, oneA: i32, b: usize, oneB: i32, n: i32, channels: i32, low: f32, high: f32, output: usize, flags: usize) => void;
  readonly scaleInPlace: (at: usize, count: i32, factor: f32) => void;
  readonly copyPixels: (from: usize, n: i32, bytes: i32, to: usize, toStride: i32) => void;
  readonly upsampleBilinear: (ys: usize, xs: usize, n: i32, base: usize, rowBytes: i32, height: i32, width: i32, channels: i32, fh: i32, fw: i32, to: usize) => void;
  readonly resizeBilinear: (ys: usize, xs: usize, n: i32, base: usize, channels: i32, rows: usize, columns: usize, to: usize) => void;
  readonly denseBlocks: (blocks: usize, n: i32, blockSize: i32, pixels: i32, width: i32, base: usize, rowBytes: i32, channels: i32, weights: usize, sumFloats: i32, partials: usize) => void;
  readonly poolBlocks: (blocks: usize, n: i32, blockSize: i32, pixels: i32, width: i32, base: usize, rowBytes: i32, channels: i32, sumFloats: i32, maximum: i32, partials: usize) => void;
  readonly reduceGroups: (groups: usize, n: i32, groupSize: i32, blocks: i32, sumFloats: i32, partials: usize, sums: usize, maximum: i32) => void;
  readonly reduceTotal: (sums: usize, groups: i32, sumFloats: i32, bias: usize, factor: f32, maximum: i32, to: usize) => void;
  readonly flagBreaks: (targets: usize, n: i32, C: i32, old: usize, rule: i32, flags: usize) => void;
  readonly packPixels: (ys: usize, xs: usize, width: i32, flags: usize, n: i32, kept: i32, C: i32, old: usize, targets: usize, to: usize) => i32;
  readonly unpackPixels: (record: usize, kept: i32, width: i32, ys: usize, xs: usize) => void;
  readonly undoPixels: (record: usize, kept: i32, width: i32, C: i32, base: usize, rowBytes: i32, pixelBytes: i32) => void;
  readonly takeDelta: (targets: usize, n: i32, C: i32, gOffset: i32, kind: i32, parameter: f32, d: usize, pitch: i32) => void;
  readonly takeDeltaFrom: (z: usize, targets: usize, n: i32, C: i32, gOffset: i32, kind: i32, parameter: f32, d: usize, pitch: i32) => void;
  readonly softmaxDelta: (targets: usize, n: i32, C: i32, gOffset: i32, isLog: i32, d: usize, pitch: i32) => void;
  readonly filterGradient: (input: usize, n: i32, rows: i32, rowSkip: i32, runs: i32, runBytes: i32, runSkip: i32, d: usize, pitch: i32, channels: i32, to: usize) => void;
  readonly inputGradient: (input: usize, n: i32, gOffset: i32, rows: i32, rowSkip: i32, runs: i32, runBytes: i32, runSkip: i32, d: usize, pitch: i32, channels: i32, filter: usize) => void;
  readonly denseGradient: (ys: usize, xs: usize, n: i32, width: i32, input: usize, rowBytes: i32, channels: i32, weights: usize, sumFloats: i32, prefix: usize, last: usize, now: i32, gOffset: i32, needsInput: i32, to: usize, row: usize) => void;
  readonly depthwiseGradient: (input: usize, n: i32, channels: i32, multiplier: i32, taps: usize, tapCount: i32, weights: usize, gOffset: i32, needsInput: i32, d: usize, pitch: i32, to: usize) => void;
  readonly meanGradient: (ys: usize, xs: usize, n: i32, width: i32, input: usize, rowBytes: i32, channels: i32, prefix: usize, sumFloats: i32, last: usize, now: i32, gOffset: i32, factor: f64) => void;
  readonly poolGradient: (ys: usize, xs: usize, n: i32, base: usize, rowBytes: i32, height: i32, width: i32, channels: i32, kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, padTop: i32, padLeft: i32, average: i32, gOffset: i32, d: usize, pitch: i32) => void;
  readonly addPixels: (addresses: usize, n: i32, channels: i32, gOffset: i32, d: usize, pitch: i32, skip: i32, factor: f32) => void;
  readonly addToOne: (pixel: usize, n: i32, channels: i32, gOffset: i32, d: usize, pitch: i32, factor: f32) => void;
  readonly addChannelSum: (addresses: usize, n: i32, channels: i32, gOffset: i32, d: usize, pitch: i32, factor: f32) => void;
  readonly addChannelSumToOne: (pixel: usize, n: i32, channels: i32, gOffset: i32, d: usize, pitch: i32, factor: f32) => void;
  readonly multiplyDelta: (addresses: usize, n: i32, channels: i32, oneChannel: i32, onePixel: usize, d: usize, pitch: i32) => void;
  readonly claimDelta: (addresses: usize, n: i32, channels: i32, oneChannel: i32, onePixel: usize, z: usize, d: usize, pitch: i32, gOffset: i32) => void;
  readonly spreadGradient: (ys: usize, xs: usize, n: i32, base: usize, rowBytes: i32, height: i32, width: i32, channels: i32, fh: i32, fw: i32, gOffset: i32, d: usize, pitch: i32) => void;
  readonly valuesGradient: (ys: usize, xs: usize, n: i32, width: i32, channels: i32, base: usize, rowBytes: i32, rowValues: i32, gOffset: i32, d: usize, pitch: i32) => void;
  readonly normalizeGradient: (sources: usize, n: i32, channels: i32, mean: usize, scale: usize, perPixel: i32, ys: usize, xs: usize, width: i32, gOffset: i32, needsInput: i32, d: usize, pitch: i32, toScale: usize, toOffset: usize) => void;
  readonly preluGradient: (sources: usize, n: i32, channels: i32, alpha: usize, perPixel: i32, ys: usize, xs: usize, width: i32, gOffset: i32, needsInput: i32, d: usize, pitch: i32, toAlpha: usize) => void;
  readonly addPlane: (from: usize, base: usize, rowBytes: i32, H: i32, W: i32, C: i32, gOffset: i32) => void;
  readonly topValues: (from: usize, rows: i32, length: i32, rowBytes: i32, k: i32, values: usize, indices: usize) => void;
  readonly sameValues: (a: usize, b: usize, count: i32) => i32;
}

/** Kernels with what stays the same for a node. Every call of one costs as much as one of the kernel itself. */
export const bind = {
  conv:
    ({conv}: Kernels, {filter, channels, rows, rowSkip, runs, runBytes, runSkip, low, high}: {filter: usize; channels: i32; rows: i32; rowSkip: i32; runs: i32; runBytes: i32; runSkip: i32; low: f32; high: f32}): ((input: usize, n: i32, output: usize, flags: usize) => void) =>
    (input, n, output, flags) =>
      conv(input, n, filter, channels, rows, rowSkip, runs, runBytes, runSkip, low, high, output, flags),
  depthwise:
    ({depthwise}: Kernels, {channels, multiplier, taps, tapCount, tapsPerRow, weights, bias, low, high}: {channels: i32; multiplier: i32; taps: usize; tapCount: i32; tapsPerRow: i32; weights: usize; bias: usize; low: f32; high: f32}): ((input: usize, n: i32, output: usize, flags: usize) => void) =>
    (input, n, output, flags) =>
      depthwise(input, n, channels, multiplier, taps, tapCount, tapsPerRow, weights, bias, low, high, output, flags),
  diffFrame:
    ({diffFrame}: Kernels, {rowBytes, height, width, channels, gate}: {rowBytes: i32; height: i32; width: i32; channels: i32; gate: f32}): ((frame: usize, kind: i32, stride: i32, cached: usize, mask: usize) => i32) =>
    (frame, kind, stride, cached, mask) =>
      diffFrame(frame, kind, stride, cached, rowBytes, height, width, channels, gate, mask),
  takeFrame:
    ({takeFrame}: Kernels, {rowBytes, height, width, channels}: {rowBytes: i32; height: i32; width: i32; channels: i32}): ((frame: usize, kind: i32, stride: i32, cached: usize, gate: f32, mask: usize, prune: i32) => i32) =>
    (frame, kind, stride, cached, gate, mask, prune) =>
      takeFrame(frame, kind, stride, cached, rowBytes, height, width, channels, gate, mask, prune),
  depthwiseGradient:
    ({depthwiseGradient}: Kernels, {channels, multiplier, taps, tapCount, weights, needsInput, pitch}: {channels: i32; multiplier: i32; taps: usize; tapCount: i32; weights: usize; needsInput: i32; pitch: i32}): ((input: usize, n: i32, gOffset: i32, d: usize, to: usize) => void) =>
    (input, n, gOffset, d, to) =>
      depthwiseGradient(input, n, channels, multiplier, taps, tapCount, weights, gOffset, needsInput, d, pitch, to),
  meanGradient:
    ({meanGradient}: Kernels, {ys, xs, width, input, rowBytes, channels, prefix, sumFloats, last, gOffset, factor}: {ys: usize; xs: usize; width: i32; input: usize; rowBytes: i32; channels: i32; prefix: usize; sumFloats: i32; last: usize; gOffset: i32; factor: f64}): ((n: i32, now: i32) => void) =>
    (n, now) =>
      meanGradient(ys, xs, n, width, input, rowBytes, channels, prefix, sumFloats, last, now, gOffset, factor),
  poolGradient:
    ({poolGradient}: Kernels, {rowBytes, height, width, channels, kh, kw, sh, sw, dh, dw, padTop, padLeft, average, pitch}: {rowBytes: i32; height: i32; width: i32; channels: i32; kh: i32; kw: i32; sh: i32; sw: i32; dh: i32; dw: i32; padTop: i32; padLeft: i32; average: i32; pitch: i32}): ((ys: usize, xs: usize, n: i32, base: usize, gOffset: i32, d: usize) => void) =>
    (ys, xs, n, base, gOffset, d) =>
      poolGradient(ys, xs, n, base, rowBytes, height, width, channels, kh, kw, sh, sw, dh, dw, padTop, padLeft, average, gOffset, d, pitch),
  addPixels:
    ({addPixels}: Kernels, {channels, pitch, skip, factor}: {channels: i32; pitch: i32; skip: i32; factor: f32}): ((addresses: usize, n: i32, gOffset: i32, d: usize) => void) =>
    (addresses, n, gOffset, d) =>
      addPixels(addresses, n, channels, gOffset, d, pitch, skip, factor),
  addToOne:
    ({addToOne}: Kernels, {channels, pitch, factor}: {channels: i32; pitch: i32; factor: f32}): ((pixel: usize, n: i32, gOffset: i32, d: usize) => void) =>
    (pixel, n, gOffset, d) =>
      addToOne(pixel, n, channels, gOffset, d, pitch, factor),
  addChannelSum:
    ({addChannelSum}: Kernels, {channels, pitch, factor}: {channels: i32; pitch: i32; factor: f32}): ((addresses: usize, n: i32, gOffset: i32, d: usize) => void) =>
    (addresses, n, gOffset, d) =>
      addChannelSum(addresses, n, channels, gOffset, d, pitch, factor),
  addChannelSumToOne:
    ({addChannelSumToOne}: Kernels, {channels, pitch, factor}: {channels: i32; pitch: i32; factor: f32}): ((pixel: usize, n: i32, gOffset: i32, d: usize) => void) =>
    (pixel, n, gOffset, d) =>
      addChannelSumToOne(pixel, n, channels, gOffset, d, pitch, factor),
  multiplyDelta:
    ({multiplyDelta}: Kernels, {channels, oneChannel, pitch}: {channels: i32; oneChannel: i32; pitch: i32}): ((addresses: usize, n: i32, onePixel: usize, d: usize) => void) =>
    (addresses, n, onePixel, d) =>
      multiplyDelta(addresses, n, channels, oneChannel, onePixel, d, pitch),
  claimDelta:
    ({claimDelta}: Kernels, {channels, oneChannel, pitch}: {channels: i32; oneChannel: i32; pitch: i32}): ((addresses: usize, n: i32, onePixel: usize, z: usize, d: usize, gOffset: i32) => void) =>
    (addresses, n, onePixel, z, d, gOffset) =>
      claimDelta(addresses, n, channels, oneChannel, onePixel, z, d, pitch, gOffset),
  spreadGradient:
    ({spreadGradient}: Kernels, {rowBytes, height, width, channels, fh, fw, pitch}: {rowBytes: i32; height: i32; width: i32; channels: i32; fh: i32; fw: i32; pitch: i32}): ((ys: usize, xs: usize, n: i32, base: usize, gOffset: i32, d: usize) => void) =>
    (ys, xs, n, base, gOffset, d) =>
      spreadGradient(ys, xs, n, base, rowBytes, height, width, channels, fh, fw, gOffset, d, pitch),
  valuesGradient:
    ({valuesGradient}: Kernels, {width, channels, rowBytes, rowValues, pitch}: {width: i32; channels: i32; rowBytes: i32; rowValues: i32; pitch: i32}): ((ys: usize, xs: usize, n: i32, base: usize, gOffset: i32, d: usize) => void) =>
    (ys, xs, n, base, gOffset, d) =>
      valuesGradient(ys, xs, n, width, channels, base, rowBytes, rowValues, gOffset, d, pitch),
  normalizeGradient:
    ({normalizeGradient}: Kernels, {channels, mean, scale, perPixel, width, needsInput, pitch}: {channels: i32; mean: usize; scale: usize; perPixel: i32; width: i32; needsInput: i32; pitch: i32}): ((sources: usize, n: i32, ys: usize, xs: usize, gOffset: i32, d: usize, toScale: usize, toOffset: usize) => void) =>
    (sources, n, ys, xs, gOffset, d, toScale, toOffset) =>
      normalizeGradient(sources, n, channels, mean, scale, perPixel, ys, xs, width, gOffset, needsInput, d, pitch, toScale, toOffset),
  preluGradient:
    ({preluGradient}: Kernels, {channels, alpha, perPixel, width, needsInput, pitch}: {channels: i32; alpha: usize; perPixel: i32; width: i32; needsInput: i32; pitch: i32}): ((sources: usize, n: i32, ys: usize, xs: usize, gOffset: i32, d: usize, toAlpha: usize) => void) =>
    (sources, n, ys, xs, gOffset, d, toAlpha) =>
      preluGradient(sources, n, channels, alpha, perPixel, ys, xs, width, gOffset, needsInput, d, pitch, toAlpha),
  filterGradient:
    ({filterGradient}: Kernels, {rows, rowSkip, runs, runBytes, runSkip, pitch, channels}: {rows: i32; rowSkip: i32; runs: i32; runBytes: i32; runSkip: i32; pitch: i32; channels: i32}): ((input: usize, n: i32, d: usize, to: usize) => void) =>
    (input, n, d, to) =>
      filterGradient(input, n, rows, rowSkip, runs, runBytes, runSkip, d, pitch, channels, to),
  inputGradient:
    ({inputGradient}: Kernels, {rows, rowSkip, runs, runBytes, runSkip, pitch, channels, filter}: {rows: i32; rowSkip: i32; runs: i32; runBytes: i32; runSkip: i32; pitch: i32; channels: i32; filter: usize}): ((input: usize, n: i32, gOffset: i32, d: usize) => void) =>
    (input, n, gOffset, d) =>
      inputGradient(input, n, gOffset, rows, rowSkip, runs, runBytes, runSkip, d, pitch, channels, filter),
  denseGradient:
    ({denseGradient}: Kernels, {ys, xs, width, input, rowBytes, channels, weights, sumFloats, prefix, last, gOffset, needsInput, to, row}: {ys: usize; xs: usize; width: i32; input: usize; rowBytes: i32; channels: i32; weights: usize; sumFloats: i32; prefix: usize; last: usize; gOffset: i32; needsInput: i32; to: usize; row: usize}): ((n: i32, now: i32) => void) =>
    (n, now) =>
      denseGradient(ys, xs, n, width, input, rowBytes, channels, weights, sumFloats, prefix, last, now, gOffset, needsInput, to, row),
  addressSources:
    ({addressSources}: Kernels, {rowBytes, pixelBytes, height, width, dy, dx, fh, fw, to}: {rowBytes: i32; pixelBytes: i32; height: i32; width: i32; dy: i32; dx: i32; fh: i32; fw: i32; to: usize}): ((ys: usize, xs: usize, n: i32, base: usize) => void) =>
    (ys, xs, n, base) =>
      addressSources(ys, xs, n, base, rowBytes, pixelBytes, height, width, dy, dx, fh, fw, to),
  listPhase:
    ({listPhase}: Kernels, {padTop, padLeft, sh, sw, phaseY, phaseX, rowBytes, pixelBytes, toBytes, sources, targets}: {padTop: i32; padLeft: i32; sh: i32; sw: i32; phaseY: i32; phaseX: i32; rowBytes: i32; pixelBytes: i32; toBytes: i32; sources: usize; targets: usize}): ((ys: usize, xs: usize, n: i32, base: usize, to: usize) => i32) =>
    (ys, xs, n, base, to) =>
      listPhase(ys, xs, n, padTop, padLeft, sh, sw, phaseY, phaseX, base, rowBytes, pixelBytes, to, toBytes, sources, targets),
  copyValues:
    ({copyValues}: Kernels, {width, channels, rowBytes, rowValues}: {width: i32; channels: i32; rowBytes: i32; rowValues: i32}): ((ys: usize, xs: usize, n: i32, base: usize, to: usize) => void) =>
    (ys, xs, n, base, to) =>
      copyValues(ys, xs, n, width, channels, base, rowBytes, rowValues, to),
  propagateMask:
    ({propagateMask}: Kernels, {height, width, outHeight, outWidth, kh, kw, sh, sw, dh, dw, padTop, padLeft, rows, rowBytes, guard}: {height: i32; width: i32; outHeight: i32; outWidth: i32; kh: i32; kw: i32; sh: i32; sw: i32; dh: i32; dw: i32; padTop: i32; padLeft: i32; rows: usize; rowBytes: usize; guard: usize}): ((from: usize, into: usize) => void) =>
    (from, into) =>
      propagateMask(from, height, width, into, outHeight, outWidth, kh, kw, sh, sw, dh, dw, padTop, padLeft, rows, rowBytes, guard),
  translateMask:
    ({translateMask}: Kernels, {height, width, outHeight, outWidth, dy, dx, rows, rowBytes, guard}: {height: i32; width: i32; outHeight: i32; outWidth: i32; dy: i32; dx: i32; rows: usize; rowBytes: usize; guard: usize}): ((from: usize, into: usize) => void) =>
    (from, into) =>
      translateMask(from, height, width, into, outHeight, outWidth, dy, dx, rows, rowBytes, guard),
  spreadMask:
    ({spreadMask}: Kernels, {height, width, outHeight, outWidth, fh, fw, reachY, reachX, beforeY, beforeX}: {height: i32; width: i32; outHeight: i32; outWidth: i32; fh: i32; fw: i32; reachY: i32; reachX: i32; beforeY: i32; beforeX: i32}): ((from: usize, into: usize) => void) =>
    (from, into) =>
      spreadMask(from, height, width, into, outHeight, outWidth, fh, fw, reachY, reachX, beforeY, beforeX),
  reinterpretMask:
    ({reinterpretMask}: Kernels, {height, width, channels, outHeight, outWidth, outChannels}: {height: i32; width: i32; channels: i32; outHeight: i32; outWidth: i32; outChannels: i32}): ((from: usize, into: usize) => void) =>
    (from, into) =>
      reinterpretMask(from, height, width, channels, into, outHeight, outWidth, outChannels),
  fold:
    ({fold}: Kernels, {fn, channels, oneChannel}: {fn: i32; channels: i32; oneChannel: i32}): ((from: usize, n: i32, onePixel: usize, to: usize) => void) =>
    (from, n, onePixel, to) =>
      fold(fn, from, n, channels, oneChannel, onePixel, to),
  mergePair:
    ({mergePair}: Kernels, {fn, oneA, oneB, channels, low, high}: {fn: i32; oneA: i32; oneB: i32; channels: i32; low: f32; high: f32}): ((a: usize, b: usize, n: i32, output: usize, flags: usize) => void) =>
    (a, b, n, output, flags) =>
      mergePair(fn, a, oneA, b, oneB, n, channels, low, high, output, flags),
  upsampleBilinear:
    ({upsampleBilinear}: Kernels, {rowBytes, height, width, channels, fh, fw}: {rowBytes: i32; height: i32; width: i32; channels: i32; fh: i32; fw: i32}): ((ys: usize, xs: usize, n: i32, base: usize, to: usize) => void) =>
    (ys, xs, n, base, to) =>
      upsampleBilinear(ys, xs, n, base, rowBytes, height, width, channels, fh, fw, to),
  resizeBilinear:
    ({resizeBilinear}: Kernels, {channels, rows, columns}: {channels: i32; rows: usize; columns: usize}): ((ys: usize, xs: usize, n: i32, base: usize, to: usize) => void) =>
    (ys, xs, n, base, to) =>
      resizeBilinear(ys, xs, n, base, channels, rows, columns, to),
  pickMask:
    ({pickMask}: Kernels, {width, outHeight, outWidth, lowRows, highRows, lowColumns, highColumns, row}: {width: i32; outHeight: i32; outWidth: i32; lowRows: usize; highRows: usize; lowColumns: usize; highColumns: usize; row: usize}): ((from: usize, into: usize) => void) =>
    (from, into) =>
      pickMask(from, width, into, outHeight, outWidth, lowRows, highRows, lowColumns, highColumns, row),
  addressTables:
    ({addressTables}: Kernels, {rows, columns, missing, to}: {rows: usize; columns: usize; missing: usize; to: usize}): ((ys: usize, xs: usize, n: i32, base: usize) => void) =>
    (ys, xs, n, base) =>
      addressTables(ys, xs, n, base, rows, columns, missing, to),
  normalize:
    ({normalize}: Kernels, {channels, mean, scale, beta, perPixel, width}: {channels: i32; mean: usize; scale: usize; beta: usize; perPixel: i32; width: i32}): ((from: usize, n: i32, ys: usize, xs: usize, to: usize) => void) =>
    (from, n, ys, xs, to) =>
      normalize(from, n, channels, mean, scale, beta, perPixel, ys, xs, width, to),
  normalizeInPlace:
    ({normalizeInPlace}: Kernels, {channels, mean, scale, beta, low, high}: {channels: i32; mean: usize; scale: usize; beta: usize; low: f32; high: f32}): ((from: usize, n: i32, output: usize, flags: usize) => void) =>
    (from, n, output, flags) =>
      normalizeInPlace(from, n, channels, mean, scale, beta, low, high, output, flags),
  prelu:
    ({prelu}: Kernels, {channels, alpha, perPixel, width}: {channels: i32; alpha: usize; perPixel: i32; width: i32}): ((from: usize, n: i32, ys: usize, xs: usize, to: usize) => void) =>
    (from, n, ys, xs, to) =>
      prelu(from, n, channels, alpha, perPixel, ys, xs, width, to),
  layerNormalize:
    ({layerNormalize}: Kernels, {channels, gamma, beta, epsilon}: {channels: i32; gamma: usize; beta: usize; epsilon: f32}): ((from: usize, n: i32, to: usize) => void) =>
    (from, n, to) =>
      layerNormalize(from, n, channels, gamma, beta, epsilon, to),
  layerNormalizeInPlace:
    ({layerNormalizeInPlace}: Kernels, {channels, gamma, beta, epsilon}: {channels: i32; gamma: usize; beta: usize; epsilon: f32}): ((from: usize, n: i32, output: usize, flags: usize) => void) =>
    (from, n, output, flags) =>
      layerNormalizeInPlace(from, n, channels, gamma, beta, epsilon, output, flags),
  layerNormalizeGradient:
    ({layerNormalizeGradient}: Kernels, {channels, gamma, epsilon, needsInput, pitch}: {channels: i32; gamma: usize; epsilon: f32; needsInput: i32; pitch: i32}): ((sources: usize, n: i32, gOffset: i32, d: usize, toGamma: usize, toBeta: usize) => void) =>
    (sources, n, gOffset, d, toGamma, toBeta) =>
      layerNormalizeGradient(sources, n, channels, gamma, epsilon, gOffset, needsInput, d, pitch, toGamma, toBeta),
  pool:
    ({pool}: Kernels, {rowBytes, height, width, channels, kh, kw, sh, sw, dh, dw, padTop, padLeft, average}: {rowBytes: i32; height: i32; width: i32; channels: i32; kh: i32; kw: i32; sh: i32; sw: i32; dh: i32; dw: i32; padTop: i32; padLeft: i32; average: i32}): ((ys: usize, xs: usize, n: i32, base: usize, to: usize) => void) =>
    (ys, xs, n, base, to) =>
      pool(ys, xs, n, base, rowBytes, height, width, channels, kh, kw, sh, sw, dh, dw, padTop, padLeft, average, to),
  denseBlocks:
    ({denseBlocks}: Kernels, {blockSize, pixels, width, rowBytes, channels, weights, sumFloats}: {blockSize: i32; pixels: i32; width: i32; rowBytes: i32; channels: i32; weights: usize; sumFloats: i32}): ((blocks: usize, n: i32, base: usize, partials: usize) => void) =>
    (blocks, n, base, partials) =>
      denseBlocks(blocks, n, blockSize, pixels, width, base, rowBytes, channels, weights, sumFloats, partials),
  poolBlocks:
    ({poolBlocks}: Kernels, {blockSize, pixels, width, rowBytes, channels, sumFloats, maximum}: {blockSize: i32; pixels: i32; width: i32; rowBytes: i32; channels: i32; sumFloats: i32; maximum: i32}): ((blocks: usize, n: i32, base: usize, partials: usize) => void) =>
    (blocks, n, base, partials) =>
      poolBlocks(blocks, n, blockSize, pixels, width, base, rowBytes, channels, sumFloats, maximum, partials),
  reduceGroups:
    ({reduceGroups}: Kernels, {groupSize, blocks, sumFloats, maximum}: {groupSize: i32; blocks: i32; sumFloats: i32; maximum: i32}): ((groups: usize, n: i32, partials: usize, sums: usize) => void) =>
    (groups, n, partials, sums) =>
      reduceGroups(groups, n, groupSize, blocks, sumFloats, partials, sums, maximum),
  reduceTotal:
    ({reduceTotal}: Kernels, {groups, sumFloats, bias, factor, maximum}: {groups: i32; sumFloats: i32; bias: usize; factor: f32; maximum: i32}): ((sums: usize, to: usize) => void) =>
    (sums, to) =>
      reduceTotal(sums, groups, sumFloats, bias, factor, maximum, to),
};
