/**
 * The paper's network, with weights that are random but the same everywhere: 3×3 convolution, ReLU, 3×3 convolution,
 * ReLU, dense without bias to the game's actions, softmax. It is tfjs's alone, and knows nothing of reuse.
 */
import {initializers, layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import type {Plane} from './preprocess';

export interface NetworkSize extends Plane {
  /** Filters of the two convolutions. */
  readonly filters: readonly [number, number];
  readonly actions: number;
}

export const KERNEL = 3;

/** Rows and columns that the two convolutions need. */
const FEWEST = 2 * (KERNEL - 1) + 1;

/**
 * Keeps the logits within ±1 or so, though the pixels are not scaled. With the usual scale they would be in the tens,
 * one action would have a probability of 1 whatever the screen shows, and comparing probabilities would prove nothing.
 */
const HEAD_SCALE = 1e-4;

/** Not 0, so that a bias that gets lost shows. */
const bias = (seed: number) => initializers.randomUniform({minval: -1, maxval: 1, seed});

/** @throws where the input is too small for the convolutions */
export function buildNetwork({height, width, filters, actions}: NetworkSize): LayersModel {
  if (Math.min(height, width) < FEWEST) {
    throw new Error(
      `The screens are too small: ${height} × ${width} pixels are left of them for the network, which takes ${FEWEST} × ${FEWEST} at least.`,
    );
  }
  const convolution = (index: 0 | 1) => ({
    filters: filters[index],
    kernelSize: KERNEL,
    activation: 'relu' as const,
    kernelInitializer: initializers.glorotUniform({seed: 1 + index}),
    biasInitializer: bias(11 + index),
  });
  const head = {scale: HEAD_SCALE, mode: 'fanIn', distribution: 'uniform', seed: 3} as const;
  return sequential({
    layers: [
      layers.conv2d({inputShape: [height, width, 1], ...convolution(0)}),
      layers.conv2d(convolution(1)),
      layers.flatten(),
      layers.dense({
        units: actions,
        useBias: false,
        activation: 'softmax',
        kernelInitializer: initializers.varianceScaling(head),
      }),
    ],
  });
}
