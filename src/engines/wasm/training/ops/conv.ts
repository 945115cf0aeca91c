/** Back through convolutions: the filter's gradient is a sum over patches, the input's is spread over them. */
import type {ConvOp, DepthwiseConvOp} from '../../../../graph';
import {foldAffine} from '../../ops/fold';
import {channelBlocks, packedFloats, runsOf} from '../../ops/conv';
import {roundUp4, type Setting, type WeightValues} from '../../ops/op';
import {listWindows, tapsOf, windowOf} from '../../ops/window';
import {isNeeded, pitchOfLayout, type BackwardOp, type BackwardSetting, type WeightGradients} from './op';

/** Floats of a run that the kernel spreads at a time. */
const BLOCK = 8;

export function conv2d(backward: BackwardSetting): BackwardOp {
  const setting = backward.setting as Setting<ConvOp>;
  const {kernels, scratch, op, inputs, output} = setting;
  const window = windowOf(inputs[0], op);
  const {rows, rowSkip, runs, runBytes, runSkip} = runsOf(inputs[0], window);
  const taps = (rows * runs * runBytes) / 4;
  const pitch = pitchOfLayout(output);
  const spread = isNeeded(backward) ? packSpread(setting, rows * runs, runBytes / 4) : null;
  return {
    floats: packedFloats(op.filters, taps),
    flush({at, gradients, delta}, first, count, sums) {
      listWindows(setting as Setting, window, at, first, count);
      const {sources} = scratch;
      kernels.filterGradient(
        sources,
        count,
        rows,
        rowSkip,
        runs,
        runBytes,
        runSkip,
        delta,
        pitch,
        op.filters,
        sums,
      );
      if (spread === null) return;
      kernels.inputGradient(
        sources,
        count,
        gradients,
        rows,
        rowSkip,
        runs,
        runBytes,
        runSkip,
        delta,
        pitch,
        op.filters,
        spread,
      );
    },
    gradients(sums) {
      const folded = unpackFilter(sums, op.filters, taps);
      return unfold(folded, backward.readWeights(), op.batchNormEpsilon, op.filters);
    },
  };
}

/** The filter for `inputGradient`: for every 8 floats of a run, the last ones of it padded, a row of them each channel. */
function packSpread(setting: Setting<ConvOp>, runs: number, runFloats: number): number {
  const {filters, batchNormEpsilon} = setting.op;
  const blocks = Math.ceil(runFloats / BLOCK);
  return setting.weights(runs * blocks * filters * BLOCK, (values, into) => {
    const {filter} = values;
    const {scale} = foldAffine(values, batchNormEpsilon, filters);
    for (let run = 0, to = 0; run < runs; run++) {
      for (let first = 0; first < runFloats; first += BLOCK) {
        const used = Math.min(BLOCK, runFloats - first);
        const from = (run * runFloats + first) * filters;
        for (let c = 0; c < filters; c++, to += BLOCK) {
          for (let i = 0; i < used; i++) into[to + i] = filter[from + i * filters + c] * scale[c];
        }
      }
    }
  });
}

interface Folded {
  /** [taps][channels] */
  readonly filter: Float32Array;
  readonly bias: Float32Array;
}

function unpackFilter(sums: Float32Array, channels: number, taps: number): Folded {
  const folded = {filter: new Float32Array(taps * channels), bias: new Float32Array(channels)};
  let from = 0;
  for (const {first, size} of channelBlocks(channels)) {
    const used = Math.min(size, channels - first);
    for (let c = 0; c < used; c++) folded.bias[first + c] = sums[from + c];
    from += size;
    for (let tap = 0; tap < taps; tap++, from += size) {
      for (let c = 0; c < used; c++) folded.filter[tap * channels + first + c] = sums[from + c];
    }
  }
  return folded;
}

/** From the gradients of a filter and bias with a batch norm folded into them to those of all it was made of. */
function unfold(
  {filter, bias}: Folded,
  values: WeightValues,
  epsilon: number | null,
  channels: number,
): WeightGradients {
  if (epsilon === null) return {filter, bias};
  const {scale} = foldAffine(values, epsilon, channels);
  const gamma = new Float64Array(channels);
  const own: WeightGradients = {filter: filter.slice(), bias: bias.slice(), beta: bias};
  for (let i = 0; i < filter.length; i++) {
    const c = i % channels;
    gamma[c] += filter[i] * values['filter'][i];
    own['filter'][i] *= scale[c];
  }
  for (let c = 0; c < channels; c++) {
    const shifted = (values['bias']?.[c] ?? 0) - values['mean'][c];
    gamma[c] = (gamma[c] + bias[c] * shifted) / Math.sqrt(values['variance'][c] + epsilon);
    own['bias'][c] *= scale[c];
  }
  return {...own, gamma: Float32Array.from(gamma)};
}

export function depthwiseConv2d(backward: BackwardSetting): BackwardOp {
  const setting = backward.setting as Setting<DepthwiseConvOp>;
  const {kernels, scratch, op, inputs, output} = setting;
  const {channels} = output;
  const window = windowOf(inputs[0], op);
  const taps = tapsOf(setting as Setting, window);
  const tapTable = setting.table(taps);
  const pitch = roundUp4(channels);
  const weights = setting.weights(taps.length * pitch, (values, into) => {
    const {scale} = foldAffine(values, op.batchNormEpsilon, channels);
    for (let tap = 0; tap < taps.length; tap++) {
      for (let c = 0; c < channels; c++)
        into[tap * pitch + c] = values['filter'][tap * channels + c] * scale[c];
    }
  });
  return {
    floats: (taps.length + 1) * pitch,
    flush({at, gradients, delta}, first, count, sums) {
      listWindows(setting as Setting, window, at, first, count);
      kernels.depthwiseGradient(
        scratch.sources,
        count,
        channels,
        op.depthMultiplier,
        tapTable,
        taps.length,
        weights,
        gradients,
        isNeeded(backward),
        delta,
        pitchOfLayout(output),
        sums,
      );
    },
    gradients(sums) {
      const filter = new Float32Array(taps.length * channels);
      for (let tap = 0; tap < taps.length; tap++)
        filter.set(sums.subarray(tap * pitch, tap * pitch + channels), tap * channels);
      const bias = sums.slice(taps.length * pitch, taps.length * pitch + channels);
      return unfold({filter, bias}, backward.readWeights(), op.batchNormEpsilon, channels);
    },
  };
}
