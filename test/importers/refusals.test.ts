/**
 * Layers models of open sizes: at sizes that a layer refuses, reuse throws what the model throws, and the next frame of a
 * size that it takes is right.
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as modelOf,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {useBackend} from '../backends';
import {sides, sidesInTurn} from '../promises/helpers';
import {numbers, randomize} from './helpers';

type Sizes = readonly (readonly [height: number, width: number])[];

interface Case {
  readonly what: string;
  /** What comes of an image of 3 channels and open sides. */
  readonly build: (x: SymbolicTensor) => unknown;
  readonly refused: Sizes;
  readonly taken: Sizes;
}

const convolution = () => layers.conv2d({filters: 2, kernelSize: 3, padding: 'same', activation: 'relu'});

const cases: readonly Case[] = [
  {
    what: 'a reshape that does not divide',
    build: (x) => layers.reshape({targetShape: [-1, 10, 3]}).apply(x),
    refused: [
      [11, 9],
      [3, 3],
    ],
    taken: [[10, 9]],
  },
  {
    what: 'a sum of unlike sizes',
    build: (x) => layers.add().apply([x, layers.maxPooling2d({padding: 'same'}).apply(x) as SymbolicTensor]),
    refused: [[5, 4]],
    taken: [[1, 1]],
  },
  {
    what: 'a concatenation of rows beside unlike columns',
    build: (x) =>
      layers
        .concatenate({axis: 1})
        .apply([x, layers.maxPooling2d({poolSize: [1, 2], padding: 'same'}).apply(x) as SymbolicTensor]),
    refused: [[5, 4]],
    taken: [[5, 1]],
  },
  {
    what: 'a crop of more than there is',
    build: (x) =>
      layers
        .cropping2D({
          cropping: [
            [3, 3],
            [0, 0],
          ],
        })
        .apply(x),
    refused: [[4, 5]],
    taken: [[8, 5]],
  },
];

function modelIn(build: Case['build']): LayersModel {
  const x = input({shape: [null, null, 3]});
  const before = convolution().apply(x) as SymbolicTensor;
  const middle = layers.conv2d({filters: 3, kernelSize: 1}).apply(before) as SymbolicTensor;
  const model = modelOf({inputs: x, outputs: build(middle) as SymbolicTensor});
  randomize(model);
  return model;
}

const errorOf = (run: () => unknown): string | null => {
  try {
    run();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  test.each(cases)('$what', ({build, refused, taken}) => {
    const model = modelIn(build);
    const reuse = withReuse(model, {policy: 'incremental', engine});
    for (const size of [...taken, ...refused, ...taken, ...refused]) {
      tf.tidy(() => {
        const frame = tf.tensor(numbers(3 * size[0] * size[1]), [1, ...size, 3]);
        const expected = errorOf(() => model.predict(frame));
        expect([size, expected === null]).toEqual([size, taken.includes(size)]);
        expect([size, errorOf(() => reuse.predict(frame))]).toEqual([size, expected]);
        if (expected !== null) return;
        const [a, b] = [reuse, model].map((one) => one.predict(frame) as tf.Tensor);
        expect(a.shape).toEqual(b.shape);
        expect(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]).toBeLessThan(1e-5);
      });
    }
    reuse.dispose();
  });
});

/** Of which tfjs may make tensors of no values, or of sides that none can have. */
const leaveNothing: readonly (readonly [string, Case['build'], Sizes])[] = [
  [
    'a convolution',
    (x) => layers.conv2d({filters: 2, kernelSize: 3}).apply(x),
    [
      [2, 2],
      [2, 5],
      [3, 3],
    ],
  ],
  [
    'a depthwise convolution',
    (x) => layers.depthwiseConv2d({kernelSize: 3}).apply(x),
    [
      [2, 5],
      [3, 3],
    ],
  ],
  [
    'a pool',
    (x) => layers.maxPooling2d({poolSize: 3}).apply(x),
    [
      [2, 2],
      [5, 2],
      [3, 3],
    ],
  ],
  [
    'a crop',
    (x) => layers.cropping2D({cropping: 1}).apply(x),
    [
      [2, 2],
      [2, 5],
      [3, 3],
    ],
  ],
];

// The kernels of wasm write beyond their memory then.
describe.each(sides.filter(({backend}) => backend !== 'wasm'))(
  'on $backend, with engine $engine',
  ({backend, engine}) => {
    beforeAll(() => useBackend(backend));

    test.each(leaveNothing)(
      '%s that leaves nothing has the same outcome as in the model',
      (_what, build, sizes) => {
        const model = modelIn(build);
        const reuse = withReuse(model, {policy: 'incremental', engine});
        for (const size of [...sizes, ...sizes]) {
          tf.tidy(() => {
            const frame = tf.tensor(numbers(3 * size[0] * size[1]), [1, ...size, 3]);
            const outcome = (one: {predict(x: tf.Tensor): unknown}) => {
              let shape: readonly number[] = [];
              const error = errorOf(() => ({shape} = one.predict(frame) as tf.Tensor));
              return {size, error, shape};
            };
            expect(outcome(reuse)).toEqual(outcome(model));
          });
        }
        reuse.dispose();
      },
    );
  },
);

test.each([
  [
    'a padding of less than nothing',
    () =>
      layers.zeroPadding2d({
        padding: [
          [-1, 0],
          [0, 0],
        ],
      }),
  ],
  ['a maximum below zero', () => layers.reLU({maxValue: -1})],
])('%s is left to the layer', async (_what, layer) => {
  await useBackend('cpu');
  const model = modelIn((x) => layer().apply(x));
  const reuse = withReuse(model, {policy: 'incremental'});
  const frame = tf.tensor(numbers(60), [1, 4, 5, 3]);
  const expected = errorOf(() => model.predict(frame));
  expect(errorOf(() => reuse.predict(frame))).toBe(expected);
  reuse.dispose();
});
