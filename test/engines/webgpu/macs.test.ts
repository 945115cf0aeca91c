/** Reported multiply-adds are those that the shaders count in a debug build. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../src';
import {numbers} from '../../importers/helpers';
import {onWebGpu} from './backend';
import {countingProducts} from './counting';

const [HEIGHT, WIDTH] = [11, 13];
const inputShape = [HEIGHT, WIDTH, 3];

/** Channels that fill no vectors, windows that leave the plane, and a reduction of blocks. */
const MODELS: Readonly<Record<string, () => LayersModel>> = {
  'convolutions and a dense layer': () =>
    sequential({
      layers: [
        layers.conv2d({inputShape, filters: 6, kernelSize: 3, padding: 'same', activation: 'relu'}),
        layers.conv2d({filters: 9, kernelSize: [2, 3], strides: 2, dilationRate: 1}),
        layers.flatten(),
        layers.dense({units: 5}),
      ],
    }),
  'a wide convolution by depth and by points': () =>
    sequential({
      layers: [
        layers.depthwiseConv2d({inputShape, kernelSize: 3, depthMultiplier: 2}),
        layers.conv2d({filters: 40, kernelSize: 1}),
      ],
    }),
  'a transposed convolution': () =>
    sequential({layers: [layers.conv2dTranspose({inputShape, filters: 5, kernelSize: 2, strides: 2})]}),
};

onWebGpu('counted multiply-adds', () => {
  const counted = countingProducts();

  it.each(Object.entries(MODELS))('of %s are those reported', async (_name, build) => {
    const model = build();
    const reuse = withReuse(model, {policy: 'incremental', engine: 'webgpu'});
    const frame = numbers(HEIGHT * WIDTH * 3, 1);
    for (const changed of [0, 1, 2, 5]) {
      for (let i = 0; i < changed; i++) frame[3 * (WIDTH * (i + 3) + 2 * i + 4)] += 1;
      tf.dispose(reuse.predict(frame) as tf.Tensor);
      const report = (await reuse.report())!;
      const counts = await counted(reuse);
      const own = [...counts.values()];
      expect(own.some((count) => count > 0)).toBe(report.path === 'prime' || changed > 0);
      expect(report.layers.map(({macs}) => macs)).toEqual(own.map((count) => expect.closeTo(count, 3)));
    }
    reuse.dispose();
    model.dispose();
  });
});
