/** Convolutions. Backwards, the filter's gradient is a sum over patches, and the input's is spread over them. */
import type {ConvOp} from '../../../graph';
import type {ResolvedWindow} from '../../../region';
import {tileCost} from '../../shared/tiles';
import {bindBackward} from '../backward-kernels';
import {bind} from '../kernels';
import {isNeeded, pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import type {Bounds} from './shared/activations';
import {byWindows, inBothForms, type Write} from './shared/convolution';
import {foldAffine} from './shared/fold';
import type {Backward, PixelImplementation} from './shared/implementation';
import type {PixelOp, Setting} from './shared/op';
import {packBlocks, packedFloats, runsOf, tapsIn, type Runs} from './shared/packed-filter';
import {backInTiles} from './shared/tiled-gradient';
import {unfold, type Folded} from './shared/unfold';
import {listWindows, windowOf} from './shared/window';
import {isEven, packTiled, tiledFloats} from './shared/winograd';

export const conv2d: PixelImplementation<ConvOp> = {forward};
export const conv2dBackward: Backward<ConvOp> = {backward};

function forward(setting: Setting<ConvOp>): PixelOp {
  const {kernels, op, inputs, mayTile} = setting;
  const [{channels}] = inputs;
  const window = windowOf(inputs[0], op);
  const runs = runsOf(inputs[0], window);
  const taps = tapsIn(runs);
  let isTiled = false;
  const runFloats = runs.runBytes / 4;
  const starts = Int32Array.from({length: taps}, (_, tap) => tap * op.filters);
  const floats = Math.max(
    packedFloats(op.filters, taps, runFloats),
    mayTile ? tiledFloats(channels, op.filters) : 0,
  );
  const filter = setting.weights(floats, (values, into) => {
    const affine = foldAffine(values, op.batchNormEpsilon, op.filters);
    isTiled = mayTile && isEven(values, affine);
    into.fill(0);
    if (isTiled) packTiled(values, affine, into);
    else packBlocks(affine, {values: values['filter'], starts, step: 1}, runFloats, into);
  });
  const pixelOp = inBothForms(setting, window, taps * op.filters, (bounds) => {
    const direct = bind.conv(kernels, {...runs, ...bounds, filter, channels: op.filters});
    const byPixels = byWindows(setting, window, direct);
    if (!mayTile) return byPixels;
    const inTiles = byTiles(setting, window, filter, bounds);
    return (...pixels) => (isTiled ? inTiles(...pixels) : byPixels(...pixels));
  });
  const cost = tileCost(channels, op.filters);
  return {
    ...pixelOp,
    get tileCost() {
      return isTiled ? cost : null;
    },
  };
}

function byTiles(
  {kernels, scratch, op, inputs: [input]}: Setting<ConvOp>,
  {pad}: ResolvedWindow,
  filter: number,
  bounds: Bounds,
): Write {
  const {ys, xs, tiles, products, threads, flags} = scratch;
  const firstTap = input.at - pad.top * input.rowBytes - pad.left * input.pixelBytes;
  const form = {...input, ...bounds, filter, filters: op.filters, scratch: products, threads};
  const compute = bind.winograd(kernels, form);
  return (at, first, count, targets) => {
    const {rowBytes, pixelBytes} = input;
    const listed = kernels.listTiles(ys + 4 * first, xs + 4 * first, count, rowBytes, pixelBytes, tiles);
    compute(tiles, listed, at + firstTap, targets, flags + first);
  };
}

function backward(context: BackwardSetting<ConvOp>): BackwardOp {
  const {setting, kernels} = context;
  const {scratch, op, inputs, output} = setting;
  const window = windowOf(inputs[0], op);
  const runs = runsOf(inputs[0], window);
  const taps = tapsIn(runs);
  const form = {...runs, channels: op.filters, pitch: pitchOf(output)};
  const addProducts = bindBackward.filterGradient(kernels, form);
  const isWhole = inputs[0].channels % BLOCK === 0;
  const blocks = isWhole ? inputs[0].channels / BLOCK : Math.ceil(runs.runBytes / 4 / BLOCK);
  const period = isWhole ? inputs[0].pixelBytes : 0;
  const addSpread = isNeeded(context)
    ? bindBackward.inputGradient(kernels, {...form, filter: packSpread(setting, runs), period})
    : null;
  const spread: BackwardOp['flush'] = ({at, gradients, delta}, first, count) => {
    listWindows(setting, window, at, first, count);
    addSpread?.(scratch.sources, count, gradients, delta, 0, blocks);
  };
  if (setting.mayTile) return backInTiles(context, window, spread);
  return {
    floats: gradientFloats(op.filters, taps),
    flush(flow, first, count, sums) {
      listWindows(setting, window, flow.at, first, count);
      addProducts(scratch.sources, count, flow.delta, sums);
      spread(flow, first, count, sums);
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
function packSpread(setting: Setting<ConvOp>, form: Runs): number {
  const {filters, batchNormEpsilon} = setting.op;
  const runs = form.rows * form.runs;
  const runFloats = form.runBytes / 4;
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

/** Channels that the kernel of a filter's gradient computes at a time: 8, and a last 4 where no more are left. */
function gradientBlocks(channels: number): {first: number; size: number}[] {
  const blocks: {first: number; size: number}[] = [];
  for (let first = 0; first < channels; first += 8) blocks.push({first, size: channels - first > 4 ? 8 : 4});
  return blocks;
}

const gradientFloats = (channels: number, taps: number): number =>
  gradientBlocks(channels).reduce((sum, {size}) => sum + (taps + 1) * size, 0);

/** The filter's gradient, and the bias's, from the kernel's blocks: of each the bias's, then the filter's. */
function unpackFilter(sums: Float32Array, channels: number, taps: number): Folded {
  const folded = {filter: new Float32Array(taps * channels), bias: new Float32Array(channels)};
  let from = 0;
  for (const {first, size} of gradientBlocks(channels)) {
    const used = Math.min(size, channels - first);
    for (let c = 0; c < used; c++) folded.bias[first + c] = sums[from + c];
    from += size;
    for (let tap = 0; tap < taps; tap++, from += size) {
      for (let c = 0; c < used; c++) folded.filter[tap * channels + first + c] = sums[from + c];
    }
  }
  return folded;
}
