/** The photographs that come with this example, as planes of numbers from 0 to 1. Their licences lie beside them. */
import {readFileSync} from 'node:fs';
import {PNG} from 'pngjs';

export const TRAINED = ['astronaut', 'coffee', 'rocket'] as const;

/** Never trained with: is what was learnt good for another picture? */
export const HELD_OUT = 'chelsea';

export interface Picture {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly values: Float32Array;
}

export function openPicture(name: string): Picture {
  return {name, ...fromPng(readFileSync(new URL(`./images/${name}.png`, import.meta.url)))};
}

/** A file's pixels; alpha is left out. */
export function fromPng(file: Buffer): Omit<Picture, 'name'> {
  const {height, width, data} = PNG.sync.read(file);
  const values = new Float32Array(3 * height * width);
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let c = 0; c < 3; c++) values[3 * pixel + c] = data[4 * pixel + c] / 255;
  }
  return {height, width, values};
}

/** As a file for a browser. */
export function toPng({height, width, values}: Omit<Picture, 'name'>): Buffer {
  const data = Buffer.from(Uint8Array.from(values, (value) => Math.round(255 * value)));
  const picture = Object.assign(new PNG({width, height}), {data});
  return PNG.sync.write(picture, {inputHasAlpha: false, inputColorType: 2, colorType: 2});
}
