/** Convolutions. Backwards, the filter's gradient is a sum over patches, and the input's is spread over them. */
import type {ConvOp} from '../../../graph';
import {isNeeded, pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import {inBothForms} from './shared/convolution';
import {foldAffine} from './shared/fold';
import type {PixelImplementation} from './shared/implementation';
import type {PixelOp, Setting} from './shared/op';
import {channelBlocks, packBlocks, packedFloats, runsOf} from './shared/packed-filter';
import {unfold, type Folded} from './shared/unfold';
import {listWindows, windowOf} from './shared/window';

export const conv2d: PixelImplementation<ConvOp> = {forward, backward};

function forward(setting: Setting<ConvOp>): PixelOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const window = windowOf(input, op);
  const {rows, runs, runBytes, runSkip, rowSkip} = runsOf(input, window);
  const taps = (rows * runs * runBytes) / 4;
  const weights = setting.weights(packedFloats(op.filters, taps), (values, into) =>
    packBlocks(
      foldAffine(values, op.batchNormEpsilon, op.filters),
      taps,
      (tap, channel) => values['filter'][tap * op.filters + channel],
      into,
    ),
  );
  return inBothForms(setting, window, taps * op.filters, (count, low, high, targets, flags) => {
    kernels.conv(
      scratch.sources,
      count,
      weights,
      op.filters,
      rows,
      rowSkip,
      runs,
      runBytes,
      runSkip,
      low,
      high,
      targets,
      flags,
    );
  });
}

function backward(context: BackwardSetting<ConvOp>): BackwardOp {
  const {setting} = context;
  const {kernels, scratch, op, inputs, output} = setting;
  const window = windowOf(inputs[0], op);
  const {rows, rowSkip, runs, runBytes, runSkip} = runsOf(inputs[0], window);
  const taps = (rows * runs * runBytes) / 4;
  const pitch = pitchOf(output);
  const spread = isNeeded(context) ? packSpread(setting, rows * runs, runBytes / 4) : null;
  return {
    floats: packedFloats(op.filters, taps),
    flush({at, gradients, delta}, first, count, sums) {
      listWindows(setting, window, at, first, count);
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
      return unfold(folded, context.readWeights(), op.batchNormEpsilon, op.filters);
    },
  };
}

/** Floats of a run that the kernel spreads at a time. */
const BLOCK = 8;

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

/** The inverse of `packBlocks`, of a gradient. */
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
