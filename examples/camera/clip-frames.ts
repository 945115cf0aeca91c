/**
 * The clip unpacked: what its frames are, and how its bytes are read. No files and no compression, so that a page can read
 * it too; clip-file.ts has these.
 */
import {splitHeader} from '../atari/coded-recording';
import type {Picture} from './pictures';
import type {Size} from './resize';

export interface ClipHeader extends Size {
  readonly frames: number;
}

/** A frame as it is stored: Y of all pixels, then Cb, then Cr, each of 2 × 2 pixels; 16 to 235 and 16 to 240. */
export type Planes = Uint8Array;

/** Bytes of a frame of even height and width. */
export function planeBytes({height, width}: Size): number {
  return (height * width * 3) / 2;
}

/**
 * @param bytes the length of the header, the header as JSON, the differences between frames
 * @param frames at most so many, from the first on
 */
export function decodeFrames(bytes: Uint8Array, frames = Infinity): {header: ClipHeader; planes: Planes[]} {
  const {header, body} = splitHeader<ClipHeader>(bytes);
  const size = planeBytes(header);
  if (!(header.frames >= 1 && size * header.frames === body.length))
    throw new Error(
      `This is no clip: its header speaks of ${header.frames} frames, in ${body.length} bytes.`,
    );
  const planes: Planes[] = [];
  let previous: Planes = new Uint8Array(size);
  for (let at = 0; at < Math.min(frames, header.frames); at++) {
    const frame = new Uint8Array(body.subarray(at * size, (at + 1) * size));
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
