/**
 * The clip's own format: frames of YCbCr with colour at half the size, nothing of them lost. Each frame is told by its
 * difference from the one before it (the first by that from zeros), and brotli does the rest, so that plain Node reads it.
 */
import {readFileSync} from 'node:fs';
import {brotliCompressSync, brotliDecompressSync, constants} from 'node:zlib';
import {decodeFrames, planeBytes, toRgb, type ClipHeader, type Planes} from './clip-frames';
import type {Picture} from './pictures';
import type {Size} from './resize';

/** From the package's root on, so that a bundle in a folder as deep finds it too. */
const CLIP = new URL('../../examples/camera/clip/vtest.clip.br', import.meta.url);

/** The first frames of the clip; all of them by default. */
export function readClip(frames = Infinity): Picture[] {
  const {header, planes} = decodeClip(readFileSync(CLIP), frames);
  return planes.map((frame) => toRgb(frame, header));
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
  return decodeFrames(brotliDecompressSync(file), frames);
}
