/**
 * Which convolutions are computed in tiles, by Winograd's F(2 × 2, 3 × 3) (assembly/winograd.ts), and their filters.
 *
 * Of a filter g with 3 × 3 taps, 16 products U = G g Gᵀ are made, G = [1 0 0; ½ ½ ½; ½ −½ ½; 0 0 1]. What a tap of 0 stands for is then
 * a sum of products that cancel out, and is off by what these are rounded by: see `unevenness`.
 */
import type {WeightValues} from '../../memory/weights';
import type {Affine} from './fold';

export const PRODUCTS = 16;
export const TAPS = 9;
/** Channels that lie side by side. */
export const BLOCK = 8;
/** The product that goes into all four pixels of a tile, and with a factor of 1: its sums begin with the bias. */
const OF_BIAS = 5;

export const blocksOf = (channels: number): number => Math.ceil(channels / BLOCK);

/** Floats of the products' filters. */
export function tiledFloats(channels: number, filters: number): number {
  return PRODUCTS * blocksOf(filters) * (channels + 1) * BLOCK;
}

/** For each product and each 8 output channels what its sums begin with, and the values input by input. */
export function packTiled({filter}: WeightValues, {scale, bias}: Affine, into: Float32Array): void {
  const filters = bias.length;
  const channels = filter.length / (TAPS * filters);
  const rowFloats = (channels + 1) * BLOCK;
  const productFloats = blocksOf(filters) * rowFloats;
  const products = new Float64Array(PRODUCTS);
  for (let o = 0; o < filters; o++) {
    const first = Math.floor(o / BLOCK) * rowFloats + (o % BLOCK);
    into[OF_BIAS * productFloats + first] = bias[o];
    for (let c = 0; c < channels; c++) {
      transform(filter, c * filters + o, channels * filters, scale[o], products);
      for (let k = 0, to = first + (c + 1) * BLOCK; k < PRODUCTS; k++, to += productFloats)
        into[to] = products[k];
    }
  }
}

/** Writes the products of the taps that lie `step` apart, in float64. */
function transform(
  filter: Float32Array,
  first: number,
  step: number,
  scale: number,
  products: Float64Array,
): void {
  for (let x = 0; x < 3; x++) {
    const at = first + x * step;
    combine(filter[at] * scale, filter[at + 3 * step] * scale, filter[at + 6 * step] * scale, products, x, 4);
  }
  for (let at = 0; at < PRODUCTS; at += 4)
    combine(products[at], products[at + 1], products[at + 2], products, at, 1);
}

/** G times three taps, into every `step`-th. */
function combine(a: number, b: number, c: number, into: Float64Array, at: number, step: number): void {
  into[at] = a;
  into[at + step] = (a + b + c) / 2;
  into[at + 2 * step] = (a - b + c) / 2;
  into[at + 3 * step] = c;
}

/**
 * The most that `unevenness` may be. Dense filters have 14 to 50. A sum over n input channels may be off by about n + 10 roundings of
 * all it adds up, and a direct one, of 9 n products, by 9 n: so what cancels out is off by up to 7 times what direct sums may be.
 */
const MOST_UNEVEN = 64;

/** Whether the taps of a filter are alike enough in size for tiles. */
export const isEven = (values: WeightValues, {scale}: Affine): boolean =>
  unevenness(values, scale) <= MOST_UNEVEN;

/**
 * How much larger the products of a filter are than its taps, by size: for each input channel and each output channel all
 * products as multiples of the smallest tap, and of these the largest. What a window holds is multiplied by products and not by taps,
 * however small these are.
 */
export function unevenness({filter}: WeightValues, scale: Float64Array): number {
  const filters = scale.length;
  const channels = filter.length / (TAPS * filters);
  const ofInputs = new Sizes(channels);
  const ofOutputs = new Sizes(filters);
  const products = new Float64Array(PRODUCTS);
  for (let c = 0; c < channels; c++) {
    for (let o = 0; o < filters; o++) {
      const first = c * filters + o;
      transform(filter, first, channels * filters, scale[o], products);
      let size = 0;
      for (let k = 0; k < PRODUCTS; k++) size += Math.abs(products[k]);
      ofInputs.products[c] += size;
      ofOutputs.products[o] += size;
      for (let tap = 0, at = first; tap < TAPS; tap++, at += channels * filters) {
        const value = Math.abs(filter[at] * scale[o]);
        ofInputs.taps[c * TAPS + tap] += value;
        ofOutputs.taps[o * TAPS + tap] += value;
      }
    }
  }
  return Math.max(ofInputs.ratio, ofOutputs.ratio);
}

/** The sizes of products and of each tap, by channel. */
class Sizes {
  readonly products: Float64Array;
  readonly taps: Float64Array;

  constructor(channels: number) {
    this.products = new Float64Array(channels);
    this.taps = new Float64Array(channels * TAPS);
  }

  /** The largest ratio of any channel's; one without weights has none. */
  get ratio(): number {
    return this.products.reduce((most, size, channel) => {
      const taps = this.taps.subarray(channel * TAPS, (channel + 1) * TAPS);
      return size === 0 ? most : Math.max(most, size / Math.min(...taps));
    }, 0);
  }
}
