/** The ops of graph models in float64, by plain loops from their definitions; without their activations. */
import type {
  ConvTransposeOp,
  DepthToSpaceOp,
  PadChannelsOp,
  GatherOp,
  Plane,
  ResizeOp,
  SliceChannelsOp,
} from '../../src/graph';

// Looking up globals is slow in jest's sandbox.
const {ceil, floor, max, min} = Math;

interface Picture {
  readonly plane: Plane;
  readonly data: Float64Array;
}

/** Values of a picture, each by its place. */
function fill({height, width, channels}: Plane, valueAt: (y: number, x: number, c: number) => number) {
  const out = new Float64Array(height * width * channels);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) out[at++] = valueAt(y, x, c);
  }
  return out;
}

const readerOf =
  ({plane, data}: Picture) =>
  (y: number, x: number, c: number) =>
    data[(y * plane.width + x) * plane.channels + c];

/** x · scale + shift, each a value a channel or one for every value. */
export function affine(data: Float64Array, scale?: Float64Array, shift?: Float64Array): Float64Array {
  return data.map(
    (x, i) => x * (scale ? scale[i % scale.length] : 1) + (shift ? shift[i % shift.length] : 0),
  );
}

/** Where an output row (or column) lies in the input, as tfjs has it. */
function place(
  i: number,
  from: number,
  to: number,
  {alignCorners, halfPixelCenters}: Pick<ResizeOp, 'alignCorners' | 'halfPixelCenters'>,
): number {
  const ratio = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  return halfPixelCenters ? ratio * (i + 0.5) - 0.5 : ratio * i;
}

/**
 * Bilinear, in the order that tfjs's kernels add up, which tells for values that are infinite.
 * @param mix what becomes of two neighbours and the share of the second
 */
export function resize(
  op: ResizeOp,
  picture: Picture,
  output: Plane,
  mix = (a: number, b: number, share: number) => a + (b - a) * share,
): Float64Array {
  const {height, width} = picture.plane;
  const read = readerOf(picture);
  return fill(output, (y, x, c) => {
    const row = place(y, height, output.height, op);
    const column = place(x, width, output.width, op);
    const [top, left] = [max(0, floor(row)), max(0, floor(column))];
    const [bottom, right] = [min(height - 1, ceil(row)), min(width - 1, ceil(column))];
    const across = (line: number) => mix(read(line, left, c), read(line, max(0, right), c), column - left);
    return mix(across(top), across(max(0, bottom)), row - top);
  });
}

export function pick(
  {rows, columns, fill: missing}: GatherOp,
  picture: Picture,
  output: Plane,
): Float64Array {
  const read = readerOf(picture);
  return fill(output, (y, x, c) =>
    rows[y] < 0 || columns[x] < 0 ? Math.fround(missing) : read(rows[y], columns[x], c),
  );
}

export function sliceChannels({begin}: SliceChannelsOp, picture: Picture, output: Plane): Float64Array {
  const read = readerOf(picture);
  return fill(output, (y, x, c) => read(y, x, begin + c));
}

export function padChannels({before}: PadChannelsOp, picture: Picture, output: Plane): Float64Array {
  const read = readerOf(picture);
  const {channels} = picture.plane;
  return fill(output, (y, x, c) => (c < before || c >= before + channels ? 0 : read(y, x, c - before)));
}

export function depthToSpace({block}: DepthToSpaceOp, picture: Picture, output: Plane): Float64Array {
  const read = readerOf(picture);
  return fill(output, (y, x, c) => {
    const group = (y % block) * block + (x % block);
    return read(floor(y / block), floor(x / block), group * output.channels + c);
  });
}

/** Every input pixel adds its products to the outputs that its taps meet. */
export function convTranspose(
  {kernel, strides, pad}: ConvTransposeOp,
  {plane, data}: Picture,
  output: Plane,
  filter: Float64Array,
): Float64Array {
  const sums = new Float64Array(output.height * output.width * output.channels);
  data.forEach((value, at) => {
    const pixel = floor(at / plane.channels);
    const top = floor(pixel / plane.width) * strides[0] - pad.top;
    const left = (pixel % plane.width) * strides[1] - pad.left;
    for (let ky = 0; ky < kernel[0]; ky++) {
      for (let kx = 0; kx < kernel[1]; kx++) {
        const [y, x] = [top + ky, left + kx];
        if (y < 0 || x < 0 || y >= output.height || x >= output.width) continue;
        for (let o = 0; o < output.channels; o++) {
          const tap = ((ky * kernel[1] + kx) * output.channels + o) * plane.channels;
          sums[(y * output.width + x) * output.channels + o] += value * filter[tap + (at % plane.channels)];
        }
      }
    }
  });
  return sums;
}
