/**
 * The autoencoder: twice down by strides, one convolution at a quarter of the size, twice up again. All of it is local, so
 * that a painted square reaches only what is around it.
 */
import {initializers, layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import type {Picture} from './images';
import {CHANNELS} from './painting';

export interface NetworkSize extends Pick<Picture, 'height' | 'width'> {
  /** Filters at half and at a quarter of the size. */
  readonly filters: readonly [number, number];
}

/** The same weights each time for the same seed. */
export function buildNetwork(
  {height, width, filters: [half, quarter]}: NetworkSize,
  seed: number,
): LayersModel {
  let index = 0;
  const convolution = (filters: number, strides = 1) => ({
    filters,
    strides,
    kernelSize: 3,
    padding: 'same' as const,
    activation: 'relu' as const,
    kernelInitializer: initializers.heNormal({seed: 100 * seed + ++index}),
  });
  return sequential({
    layers: [
      layers.conv2d({inputShape: [height, width, CHANNELS], ...convolution(half, 2)}),
      layers.conv2d(convolution(quarter, 2)),
      layers.conv2d(convolution(quarter)),
      layers.upSampling2d({size: [2, 2]}),
      layers.conv2d(convolution(half)),
      layers.upSampling2d({size: [2, 2]}),
      layers.conv2d({...convolution(3), activation: 'sigmoid'}),
    ],
  });
}
