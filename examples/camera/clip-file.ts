/**
 * The clip's own format: frames of YCbCr with colour at half the size, nothing of them lost. Each frame is told by its
 * difference from the one before it (the first by that from zeros), and brotli does the rest, so that plain Node reads it.
 */
import {readFileSync} from 'node:fs';
import {brotliCompressSync, brotliDecompressSync, constants} from 'node:zlib';
import type {Picture} from './pictures';
import type {Size} from './resize';

/** From the package's root on, so that a bundle in a folder as deep finds it too. */
const CLIP = new URL('../../examples/camera/clip/vtest.clip.br', import.meta.url);

export interface ClipHeader extends Size {
  readonly frames: number;
}

/** A frame as it is stored: Y of all pixels, then Cb, then Cr, each of 2 × 2 pixels; 16 to 235 and 16 to 240. */
export type Planes = Uint8Array;

/** The first frames of the clip; all of them by default. */
export function readClip(frames = Infinity): Picture[] {
  const {header, planes} = decodeClip(readFileSync(CLIP), frames);
  return planes.map((frame) => toRgb(frame, header));
}

/** Bytes of a frame of even height and width. */
export function planeBytes({height, width}: Size): number {
  return (height * width * 3) / 2;
}

/** 4 bytes: the length of the header, little-endian; the header as JSON; the differences. All that through brotli. */
export function encodeClip({height, width}: Size, planes: readonly Planes[]): Buffer {
  const size = planeBytes({height, width});
  const header = Buffer.from(JSON.stringify({height, width, frames: planes.length} satisfies ClipHeader));
  const differences = new Uint8Array(size * planes.length);
  planes.forEach((frame, at) => {
    const previous = planes[at - 1] ?? new Uint8Array(size);
    for (let i = 0; i < size; i++) differences[at * size + i] = frame[i] - previous[i];
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return brotliCompressSync(Buffer.concat([length, header, differences]), {
    params: {[constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_QUALITY]: 11},
  });
}

/** @param frames at most so many, from the first on */
export function decodeClip(file: Buffer, frames = Infinity): {header: ClipHeader; planes: Planes[]} {
  const bytes = brotliDecompressSync(file);
  const start = 4 + bytes.readUInt32LE(0);
  const header = JSON.parse(bytes.toString('utf8', 4, start)) as ClipHeader;
  const size = planeBytes(header);
  const planes: Planes[] = [];
  let previous: Planes = new Uint8Array(size);
  for (let at = 0; at < Math.min(frames, header.frames); at++) {
    const frame = new Uint8Array(bytes.subarray(start + at * size, start + (at + 1) * size));
    for (let i = 0; i < size; i++) frame[i] += previous[i];
    planes.push(frame);
    previous = frame;
  }
  return {header, planes};
}

/** By ITU-R BT.601, as such a video is meant; a colour holds for all its 2 × 2 pixels. */
export function toRgb(planes: Planes, {height, width}: Size): Picture {
  const values = new Uint8Array(height * width * 3);
  const quarter = (height * width) / 4;
  const colours = planes.subarray(height * width);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const light = 1.164383 * (planes[y * width + x] - 16);
      const at = (y >> 1) * (width >> 1) + (x >> 1);
      const blue = colours[at] - 128;
      const red = colours[quarter + at] - 128;
      values[to] = toByte(light + 1.596027 * red);
      values[to + 1] = toByte(light - 0.391762 * blue - 0.812968 * red);
      values[to + 2] = toByte(light + 2.017232 * blue);
    }
  }
  return {height, width, values};
}

function toByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
