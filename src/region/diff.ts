/**
 * The pixels in which two frames differ: to the bit, or by more than a threshold. Frames are plain arrays in memory;
 * tensors are read by whoever holds them. Neither frame is kept or changed.
 */
import {requireNotNegative, requireObject, requirePlane} from './checks';
import {Region} from './region';

/** Values of a frame. */
export type FrameData =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;

/** One frame: `height * width` pixels of `data.length / (height * width)` channels, row by row. An ImageData is one. */
export interface Frame {
  readonly data: FrameData;
  readonly height: number;
  readonly width: number;
}

/**
 * The pixels in which two frames differ in any channel.
 * @param threshold in the frames' own units. With 0, the default, values are the same if their bits are: −0 is not +0,
 *   and a NaN is the same as itself. Above 0, a pixel is unchanged only if |next − previous| ≤ threshold holds for every
 *   channel, so that a NaN always counts as changed.
 * @returns a region of the frames' plane
 * @throws TypeError if data is no typed array of numbers, or the frames' arrays are of two types (clamped bytes and
 *   bytes are one)
 * @throws RangeError if the frames differ in size or channels, the data does not fill the plane, or the threshold is
 *   negative or NaN
 */
export function diff(previous: Frame, next: Frame, threshold = 0): Region {
  requireNotNegative('diff: the threshold', threshold);
  const channels = commonChannels(previous, next);
  const region = new Region(next.height, next.width);
  if (threshold > 0) markFarther(region, previous.data, next.data, channels, threshold);
  else markUnequal(region, previous.data, next.data, channels * next.data.BYTES_PER_ELEMENT);
  return region;
}

function markFarther(
  region: Region,
  previous: FrameData,
  next: FrameData,
  channels: number,
  threshold: number,
): void {
  for (let i = 0; i < next.length; i++) {
    if (Math.abs(next[i] - previous[i]) <= threshold) continue;
    setPixel(region, Math.floor(i / channels));
    i += channels - 1 - (i % channels); // one channel is enough: on to the next pixel
  }
}

function markUnequal(region: Region, previous: FrameData, next: FrameData, bytesPerPixel: number): void {
  const inWords = previous.byteOffset % 4 === 0 && next.byteOffset % 4 === 0;
  if (inWords && bytesPerPixel % 4 === 0) {
    markUnequalWords(region, wordsOf(previous), wordsOf(next), bytesPerPixel / 4);
    return;
  }
  const a = bytesOf(previous);
  const b = bytesOf(next);
  let compared = 0;
  if (inWords) {
    // A word may straddle pixels, but only one that differs has to be looked into.
    const [aWords, bWords] = [wordsOf(previous), wordsOf(next)];
    for (let i = nextUnequal(aWords, bWords, 0); i < aWords.length; i = nextUnequal(aWords, bWords, i + 1)) {
      markUnequalBytes(region, a, b, 4 * i, 4 * i + 4, bytesPerPixel);
    }
    compared = 4 * aWords.length;
  }
  markUnequalBytes(region, a, b, compared, a.length, bytesPerPixel);
}

/** Where a pixel is a whole number of words. */
function markUnequalWords(region: Region, a: Int32Array, b: Int32Array, wordsPerPixel: number): void {
  for (let i = nextUnequal(a, b, 0); i < a.length;) {
    const pixel = Math.floor(i / wordsPerPixel);
    setPixel(region, pixel);
    i = nextUnequal(a, b, (pixel + 1) * wordsPerPixel);
  }
}

/** The first index from `from` on where the words differ, or their length. Most are equal: four are tried at a time. */
function nextUnequal(a: Int32Array, b: Int32Array, from: number): number {
  let i = from;
  for (; i + 4 <= a.length; i += 4) {
    const first = (a[i] ^ b[i]) | (a[i + 1] ^ b[i + 1]);
    const second = (a[i + 2] ^ b[i + 2]) | (a[i + 3] ^ b[i + 3]);
    if ((first | second) !== 0) break;
  }
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

function markUnequalBytes(
  region: Region,
  a: Uint8Array,
  b: Uint8Array,
  from: number,
  end: number,
  bytesPerPixel: number,
): void {
  for (let i = from; i < end; i++) {
    if (a[i] === b[i]) continue;
    setPixel(region, Math.floor(i / bytesPerPixel));
  }
}

/** Sets a pixel by its linear index. */
function setPixel(region: Region, pixel: number): void {
  const y = Math.floor(pixel / region.width);
  const x = pixel - y * region.width;
  region.words[y * region.wordsPerRow + (x >>> 5)] |= 1 << (x & 31);
}

function wordsOf(data: FrameData): Int32Array {
  return new Int32Array(data.buffer, data.byteOffset, data.byteLength >>> 2);
}

function bytesOf(data: FrameData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function commonChannels(previous: Frame, next: Frame): number {
  const kinds = [kindOf('previous', previous), kindOf('next', next)];
  if (kinds[0] !== kinds[1]) {
    throw new TypeError(
      `diff: the previous frame is a ${kinds[0]} and the next one a ${kinds[1]}. Convert one to the other's type.`,
    );
  }
  const before = channelsOf('previous', previous);
  const after = channelsOf('next', next);
  const same = previous.height === next.height && previous.width === next.width && before === after;
  if (same) return after;
  throw new RangeError(
    `diff: expected two frames of one shape, but the previous one is ${previous.height}×${previous.width}×${before} ` +
      `and the next one ${next.height}×${next.width}×${after}.`,
  );
}

const KINDS = new Set(
  ['Float32', 'Float64', 'Int32', 'Uint32', 'Int16', 'Uint16', 'Int8', 'Uint8'].map((name) => `${name}Array`),
);

/** The array's type by name: a class may come from another realm, and a Node Buffer is a Uint8Array too. */
function kindOf(name: string, frame: Frame): string {
  requireObject(`diff: the ${name} frame`, frame, '{data, height, width}');
  const tag = Object.prototype.toString.call(frame.data).slice('[object '.length, -1);
  const kind = tag === 'Uint8ClampedArray' ? 'Uint8Array' : tag;
  if (KINDS.has(kind)) return kind;
  throw new TypeError(`diff: the ${name} frame's data must be a typed array of numbers, but is ${tag}.`);
}

function channelsOf(name: string, {data, height, width}: Frame): number {
  requirePlane(`diff: the ${name} frame`, height, width);
  const channels = data.length / (height * width);
  if (Number.isInteger(channels) && channels > 0) return channels;
  throw new RangeError(
    `diff: the ${name} frame has ${data.length} values, which is no whole number of channels for ${height}×${width} ` +
      'pixels. Check its height and width.',
  );
}
