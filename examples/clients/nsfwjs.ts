/** nsfwjs, which classifies a picture. Its package has its models. */
import {load} from 'nsfwjs';
import {reuseInPlace} from 'tfjs-reuse';
import type {Client} from './client';

export const client: Client = {
  name: 'nsfwjs',
  line: 'reuseInPlace(nsfw.model)',
  weights: 'its own',
  frame: {height: 224, width: 224},

  async open(reuse) {
    const nsfw = await load('MobileNetV2');
    if (reuse) reuseInPlace(nsfw.model);
    return {
      model: nsfw.model,
      calls: {
        classify: async (frame) => {
          const classes = await nsfw.classify(frame);
          // They come by probability, of which two may be equal.
          classes.sort((a, b) => a.className.localeCompare(b.className));
          return classes.map(({probability}) => probability);
        },
      },
    };
  },
};
