/**
 * Back through convolutions in tiles (assembly/gradient-winograd.ts): which products they are multiplied by on the way to the input,
 * and what the sums of the products are as a filter's gradient.
 */
import type {ConvOp} from '../../../../graph';
import type {ResolvedWindow} from '../../../../region';
import {bindBackward} from '../../backward-kernels';
import {roundUp4} from '../../memory/layout';
import type {WeightValues} from '../../memory/weights';
import {isNeeded, pitchOf, type BackwardOp, type BackwardSetting} from './backward-op';
import {foldAffine, type Affine} from './fold';
import {unfold, type Folded} from './unfold';
import {blocksOf, BLOCK, isEven, packTiled, PRODUCTS, TAPS, tiledFloats} from './winograd';

/** Tiles that are computed together, and bytes of one in a list. */
const TILES = 36;
const TILE_BYTES = 24;

/** Of the list that was computed last. */
let stamp = 0;

/** @param spread sends listed gradients to the input pixel by pixel, for filters that are not even, or have no whole vectors of channels */
export function backInTiles(
  context: BackwardSetting<ConvOp>,
  {pad}: ResolvedWindow,
  spread: BackwardOp['flush'],
): BackwardOp {
  const {setting, kernels} = context;
  const {op, scratch, output, inputs} = setting;
  const [input] = inputs;
  const {filters} = op;
  const needsInput = isNeeded(context) === 1;
  let isEvenFilter = false;
  const filter = setting.weights(needsInput ? tiledFloats(filters, input.channels) : 0, (values, into) => {
    const affine = foldAffine(values, op.batchNormEpsilon, filters);
    isEvenFilter = needsInput && input.channels % 4 === 0 && isEven(values, affine);
    if (isEvenFilter) packBack(values, affine, into);
  });
  const firstTap = input.at - pad.top * input.rowBytes - pad.left * input.pixelBytes;
  const {threads} = scratch;
  const form = {...input, inputs: input.channels, channels: filters, pitch: pitchOf(output), filter, threads};
  const addProducts = bindBackward.tiledGradient(kernels, form);
  return {
    floats: blocksOf(filters) * (1 + PRODUCTS * roundUp4(input.channels)) * BLOCK,
    tileBytes: threads * kernels.tiledGradientBytes(input.channels, filters),
    flush(flow, first, count, sums) {
      const {ys, xs, tiles} = scratch;
      const {rowBytes, pixelBytes} = input;
      const skip = 4 * first;
      const listed = setting.kernels.listTiles(ys + skip, xs + skip, count, rowBytes, pixelBytes, tiles);
      const from = flow.at + firstTap;
      const spreads = isEvenFilter ? blocksOf(input.channels) : 0;
      const blocks = blocksOf(filters) + spreads;
      // Parts of one size: a small last one would take longer than its share.
      const part = Math.ceil(listed / Math.ceil(listed / TILES));
      for (let tile = 0; tile < listed; tile += part) {
        const list = tiles + TILE_BYTES * tile;
        const n = Math.min(part, listed - tile);
        stamp = (stamp + 1) | 0;
        addProducts(list, n, stamp, from, flow.gradients, flow.delta, spreads, sums, flow.tiles, 0, blocks);
      }
      if (needsInput && !isEvenFilter) spread(flow, first, count, sums);
    },
    gradients(sums) {
      const folded = foldedFrom(sums, input.channels, filters);
      return unfold(folded, context.readWeights(), op.batchNormEpsilon, filters);
    },
  };
}

/** The filter on the way back: what is an output channel forwards is one of the input. */
export function packBack({filter}: WeightValues, {scale}: Affine, into: Float32Array): void {
  const filters = scale.length;
  const channels = filter.length / (TAPS * filters);
  const turned = filter.slice();
  for (let from = 0; from < filter.length; from++) {
    const o = from % filters;
    const c = Math.floor(from / filters) % channels;
    turned[from - c * filters - o + o * channels + c] = filter[from] * scale[o];
  }
  into.fill(0);
  const affine = {scale: new Float64Array(channels).fill(1), bias: new Float64Array(channels)};
  packTiled({filter: turned}, affine, into);
}

/** The gradients of a filter's taps, and of the bias, from the sums of the products: Gᵀ U G, with G as in winograd.ts. */
export function foldedFrom(sums: Float32Array, channels: number, filters: number): Folded {
  const folded = {filter: new Float32Array(TAPS * channels * filters), bias: new Float32Array(filters)};
  const productFloats = roundUp4(channels) * BLOCK;
  const blockFloats = BLOCK + PRODUCTS * productFloats;
  const rows = new Float64Array(PRODUCTS);
  const taps = new Float64Array(TAPS);
  for (let o = 0; o < filters; o++) {
    const block = Math.floor(o / BLOCK) * blockFloats + (o % BLOCK);
    folded.bias[o] = sums[block];
    for (let c = 0; c < channels; c++) {
      const from = block + (1 + c) * BLOCK;
      for (let x = 0; x < 4; x++) gather(sums, from + x * productFloats, 4 * productFloats, rows, x, 4);
      for (let y = 0; y < 3; y++) gather(rows, 4 * y, 1, taps, 3 * y, 1);
      for (let tap = 0; tap < TAPS; tap++) folded.filter[(tap * channels + c) * filters + o] = taps[tap];
    }
  }
  return folded;
}

/** Gᵀ times four products `step` apart: three values, `pitch` apart. */
function gather(
  products: Float32Array | Float64Array,
  first: number,
  step: number,
  into: Float64Array,
  at: number,
  pitch: number,
): void {
  const inner = products[first + step];
  const other = products[first + 2 * step];
  into[at] = products[first] + (inner + other) / 2;
  into[at + pitch] = (inner - other) / 2;
  into[at + 2 * pitch] = (inner + other) / 2 + products[first + 3 * step];
}
