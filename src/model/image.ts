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
  private values: Uint8ClampedArray | null = null;

  /** @param channels how many of a pixel's four are wanted */
  constructor(
    readonly image: ImageSource,
    private readonly size: Size,
    private readonly channels: number,
    private readonly dtype: DType,
  ) {}

  get data(): Uint8ClampedArray {
    const {width, height} = this.size;
    const context = () => drawn(this.image, this.size, {willReadFrequently: true});
    this.values ??= context().getImageData(0, 0, width, height).data;
    return this.values;
  }

  /** What the image shows now; on a GPU it need not leave it. */
  copy(): tf.Tensor | FrameArray {
    const {image, size, channels, dtype, stride} = this;
    // tfjs would take a video's values on webgpu otherwise than the engine there does.
    if (tf.getBackend() === 'webgpu') return new ImageFrame(drawn(image, size).canvas, size, channels, dtype);
    // tfjs does not take the first two, and an <img> in the size that it is shown in.
    const isDrawn = 'displayWidth' in image || 'convertToBlob' in image || 'naturalWidth' in image;
    if (isDrawn) return {data: this.data, stride};
    return tf.keep(tf.tidy(() => tf.cast(tf.expandDims(tf.browser.fromPixels(image, channels)), dtype)));
  }
}

/**
 * The image in a canvas of its own.
 * @throws where the host has no canvas
 */
function drawn(
  image: ImageSource,
  {width, height}: Size,
  settings?: CanvasRenderingContext2DSettings,
): OffscreenCanvasRenderingContext2D {
  if (typeof OffscreenCanvas === 'undefined')
    throw new Error('This host has no OffscreenCanvas to read an image with; pass an ImageData or a tensor.');
  const context = new OffscreenCanvas(width, height).getContext('2d', settings)!;
  context.drawImage(image, 0, 0, width, height);
  return context;
}
