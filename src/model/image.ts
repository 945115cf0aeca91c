/** Videos, canvases and bitmaps as inputs: how large they are, and their pixels, for whoever cannot read them where they are. */
import * as tf from '@tensorflow/tfjs-core';
import type {FrameArray, FrameImage, ImageSource} from '../engines';
import type {DType} from '../graph';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of an image; null where `x` is none. */
export function imageSize(x: unknown): Size | null {
  if (typeof x !== 'object' || x === null || 'data' in x) return null;
  const {videoWidth, videoHeight, displayWidth, displayHeight, naturalWidth, naturalHeight, width, height} =
    x as Record<string, unknown>;
  const sizes = [
    [videoWidth, videoHeight],
    [displayWidth, displayHeight],
    [naturalWidth, naturalHeight],
    'getContext' in x || 'close' in x ? [width, height] : [],
  ];
  const found = sizes.find((sides) => sides.length > 0 && sides.every((side) => typeof side === 'number'));
  return found ? {width: found[0] as number, height: found[1] as number} : null;
}

/** RGBA bytes, drawn when they are first asked for. */
export class ImageFrame implements FrameImage {
  readonly stride = 4;
  private drawn: Uint8ClampedArray | null = null;

  constructor(
    readonly image: ImageSource,
    private readonly size: Size,
    private readonly channels: number,
    private readonly dtype: DType,
  ) {}

  get data(): Uint8ClampedArray {
    this.drawn ??= draw(this.image, this.size);
    return this.drawn;
  }

  /** What the image shows now, as a tensor where tfjs takes such images: on a GPU they need not leave it. */
  copy(): tf.Tensor | FrameArray {
    const {image, channels, dtype, stride} = this;
    if ('displayWidth' in image || 'convertToBlob' in image) return {data: this.data.slice(), stride};
    return tf.keep(tf.tidy(() => tf.cast(tf.expandDims(tf.browser.fromPixels(image, channels)), dtype)));
  }
}

/** @throws where the host has no canvas */
function draw(image: ImageSource, {width, height}: Size): Uint8ClampedArray {
  if (typeof OffscreenCanvas === 'undefined')
    throw new Error('This host has no OffscreenCanvas to read an image with; pass an ImageData or a tensor.');
  const context = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true})!;
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}
