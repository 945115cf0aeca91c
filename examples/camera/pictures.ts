/** A picture in memory, and PNG and JPEG files of it. */
import {decode as decodeJpeg} from 'jpeg-js';
import {PNG} from 'pngjs';

export interface Picture {
  readonly height: number;
  readonly width: number;
  /** Red, green and blue of each pixel, 0 to 255, row by row. */
  readonly values: Uint8Array;
}

/** @throws where the file is neither, or is broken */
export function fromFile(file: Buffer): Picture {
  const isJpeg = file[0] === 0xff && file[1] === 0xd8;
  const {height, width, data} = isJpeg
    ? decodeJpeg(file, {useTArray: true, formatAsRGBA: true})
    : PNG.sync.read(file);
  return {height, width, values: withoutAlpha(data)};
}

export function toPng({height, width, values}: Picture): Buffer {
  const picture = Object.assign(new PNG({width, height}), {data: Buffer.from(values)});
  return PNG.sync.write(picture, {inputHasAlpha: false, inputColorType: 2, colorType: 2});
}

function withoutAlpha(data: Uint8Array): Uint8Array {
  const values = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    values[to] = data[from];
    values[to + 1] = data[from + 1];
    values[to + 2] = data[from + 2];
  }
  return values;
}
