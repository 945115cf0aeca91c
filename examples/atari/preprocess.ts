/**
 * What the network sees of a screen, as in the paper: only the red channel, every 2nd or every 4th row and column, as
 * floats of 0 to 255, not scaled.
 */
import type {RecordingHeader} from './recording';

export type Downsample = 2 | 4;

export interface Plane {
  readonly height: number;
  readonly width: number;
}

/** Rows and columns 0, n, 2n, …: the last one counts even where fewer than n follow it. */
export function inputPlane({height, width}: Plane, downsample: Downsample): Plane {
  return {height: Math.ceil(height / downsample), width: Math.ceil(width / downsample)};
}

/** A function that turns a screen of palette indices into a fresh frame. */
export function preprocessor(
  header: Pick<RecordingHeader, 'height' | 'width' | 'palette'>,
  downsample: Downsample,
): (screen: Uint8Array) => Float32Array {
  const red = new Float32Array(256);
  for (const [index, [value]] of Object.entries(header.palette)) red[Number(index)] = value;
  const {height, width} = inputPlane(header, downsample);
  return (screen) => {
    const frame = new Float32Array(height * width);
    for (let y = 0, i = 0; y < height; y++) {
      const row = y * downsample * header.width;
      for (let x = 0; x < width; x++, i++) frame[i] = red[screen[row + x * downsample]];
    }
    return frame;
  };
}
