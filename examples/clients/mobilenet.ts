/** mobilenet, asked for a picture's classes and then for its embedding. Its weights are not in its package. */
import {load} from '@tensorflow-models/mobilenet';
import {reuseInPlace} from 'tfjs-reuse';
import type {Client} from './client';
import {graphModelIn} from './model-in';
import {randomMobileNet} from './random-mobilenet';

export const client: Client = {
  name: '@tensorflow-models/mobilenet',
  line: 'reuseInPlace(net.model)',
  weights: 'wiring',
  frame: {height: 224, width: 224},

  async open(reuse) {
    const net = await load({version: 1, alpha: 1, modelUrl: randomMobileNet(), inputRange: [-1, 1]});
    const model = graphModelIn(net, 'model');
    if (reuse) reuseInPlace(model);
    return {
      model,
      calls: {
        classify: async (frame) => (await net.classify(frame, 5)).map(({probability}) => probability),
        'infer(…, true)': async (frame) => {
          const embedding = net.infer(frame, true);
          const numbers = [...(await embedding.data())];
          embedding.dispose();
          return numbers;
        },
      },
    };
  },
};
