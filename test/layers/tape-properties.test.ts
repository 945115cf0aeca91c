/** Random convolution layers over random clips: on a tape they give what tfjs's own layers give, and the same gradients. */
import * as fc from 'fast-check';
import {backends, useBackend} from '../backends';
import {batchOf, editedFrames} from './helpers';
import {
  byTfjs,
  expectNear,
  inputGradient,
  pairFor,
  weightGradients,
  type Config,
  type Maker,
} from './tape-helpers';
import {sample} from '../scale';

jest.mock('../../src/layers/tape/pays', () => ({pays: () => true}));

const SAMPLE = sample({short: 5, ci: 30, long: 60});

interface Spec {
  readonly maker: Maker;
  readonly shape: readonly number[];
  readonly config: Config;
  readonly frames: number;
  readonly seed: number;
}

const side = fc.integer({min: 3, max: 40});
const taps = fc.integer({min: 1, max: 3});

const spec: fc.Arbitrary<Spec> = fc
  .record({
    maker: fc.constantFrom<Maker>('conv2d', 'conv1d', 'depthwiseConv2d', 'separableConv2d'),
    height: fc.integer({min: 3, max: 12}),
    width: side,
    channels: fc.integer({min: 1, max: 9}),
    filters: fc.integer({min: 1, max: 17}),
    depthMultiplier: fc.integer({min: 1, max: 3}),
    kernelSize: fc.tuple(taps, taps),
    strides: fc.constantFrom(1, 1, 2, 3),
    padding: fc.constantFrom('valid', 'same'),
    activation: fc.constantFrom('linear', 'relu', 'elu', 'tanh', 'softplus', 'softmax', 'swish'),
    useBias: fc.boolean(),
    frames: fc.integer({min: 1, max: 14}),
    seed: fc.integer({min: 1, max: 1e6}),
  })
  .map(({maker, height, width, channels, frames, seed, kernelSize, strides, padding, ...rest}) => {
    const isFlat = maker === 'conv1d';
    return {
      maker,
      shape: isFlat ? [width, channels] : [height, width, channels],
      // Where 'same' skips inputs, tfjs's wasm backend pads otherwise than its others: the engine keeps out of that.
      config: {
        ...rest,
        strides: padding === 'same' ? 1 : strides,
        padding,
        kernelSize: isFlat ? kernelSize[0] : kernelSize,
      },
      frames,
      seed,
    };
  });

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it(`agrees with tfjs in ${SAMPLE.numRuns} cases`, async () => {
    const check = async ({maker, shape, config, frames, seed}: Spec) => {
      const {plain, ours} = pairFor(maker, config, shape, seed);
      const x = batchOf(shape, editedFrames(shape, frames, seed));
      expectNear(weightGradients(ours, x), await byTfjs(backend, () => weightGradients(plain, x)), 5e-5);
      const isLacking = backend === 'wasm' && /depthwise|separable/.test(maker);
      if (!isLacking)
        expectNear(inputGradient(ours, x), await byTfjs(backend, () => inputGradient(plain, x)), 5e-5);
      [plain, ours, x].forEach((thing) => thing.dispose());
    };
    await fc.assert(fc.asyncProperty(spec, check), SAMPLE);
  });
});
