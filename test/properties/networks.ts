/** Random networks and random clips for them. Plain data, so that a failing case prints as one can read it. */
import * as fc from 'fast-check';
import * as tfl from '@tensorflow/tfjs-layers';
import type {BackendName} from '../backends';

type Pair = [number, number];

interface Window {
  kernel: Pair;
  strides: Pair;
  dilations: Pair;
  padding: 'same' | 'valid';
}

export type LayerSpec =
  | ({
      kind: 'conv' | 'depthwise' | 'separable';
      filters: number;
      activation: 'linear' | 'relu' | 'tanh';
      norm: boolean;
    } & Window)
  | ({kind: 'maxPool' | 'averagePool'} & Window)
  | {
      kind: 'residual' | 'branch';
      kernel: Pair;
      filters: number;
      merge: 'add' | 'multiply' | 'maximum' | 'average';
    }
  | {kind: 'upsample'; factor: Pair; interpolation: 'nearest' | 'bilinear'}
  | {kind: 'pad' | 'crop'; amount: number}
  | {kind: 'layerNorm'; scale: boolean; center: boolean};

export interface NetworkSpec {
  input: [number, number, number];
  layers: LayerSpec[];
  head: 'none' | 'dense' | 'softmax' | 'globalMax' | 'globalAverage';
  seed: number;
}

/** One frame's edit: nothing, rectangles of new values, or a whole new frame. */
export type Edit = {y: number; x: number; height: number; width: number; seed: number}[];

const pair = (max: number) => fc.tuple(fc.integer({min: 1, max}), fc.integer({min: 1, max}));
const one: Pair = [1, 1];

/** tfjs allows strides or dilations above 1, not both, and wants them square for depthwise convolutions and pools. */
const window = (square: boolean): fc.Arbitrary<Window> =>
  fc
    .record({
      kernel: pair(7),
      steps: square ? fc.integer({min: 1, max: 3}).map((n): Pair => [n, n]) : pair(3),
      dilate: fc.boolean(),
      padding: fc.constantFrom<'same' | 'valid'>('same', 'valid'),
    })
    .map(({kernel, steps, dilate, padding}) => ({
      kernel,
      padding,
      strides: dilate ? one : steps,
      dilations: dilate ? steps : one,
    }));

const convolution: fc.Arbitrary<LayerSpec> = fc
  .tuple(
    fc.constantFrom('conv' as const, 'conv' as const, 'depthwise' as const, 'separable' as const),
    fc.boolean(),
  )
  .chain(([kind, norm]) =>
    fc
      .tuple(window(kind !== 'conv'), fc.integer({min: 1, max: 8}), fc.constantFrom('linear', 'relu', 'tanh'))
      .map(([shape, filters, activation]) => ({kind, norm, filters, activation, ...shape}) as LayerSpec),
  );

const pool: fc.Arbitrary<LayerSpec> = fc
  .tuple(fc.constantFrom('maxPool', 'averagePool'), window(true))
  .map(([kind, shape]) => ({...shape, kind, dilations: one}) as LayerSpec);

const branch: fc.Arbitrary<LayerSpec> = fc.record({
  kind: fc.constantFrom('residual', 'branch'),
  kernel: pair(3),
  filters: fc.integer({min: 1, max: 4}),
  merge: fc.constantFrom('add', 'multiply', 'maximum', 'average'),
}) as fc.Arbitrary<LayerSpec>;

const move: fc.Arbitrary<LayerSpec> = fc.oneof(
  fc.record({
    kind: fc.constant('upsample' as const),
    factor: pair(3),
    interpolation: fc.constantFrom('nearest' as const, 'bilinear' as const),
  }),
  fc.record({kind: fc.constantFrom('pad' as const, 'crop' as const), amount: fc.integer({min: 1, max: 2})}),
);

const layerNorm: fc.Arbitrary<LayerSpec> = fc.record({
  kind: fc.constant('layerNorm' as const),
  scale: fc.boolean(),
  center: fc.boolean(),
});

const layer = fc.oneof(
  {weight: 6, arbitrary: convolution},
  {weight: 2, arbitrary: pool},
  {weight: 2, arbitrary: branch},
  {weight: 1, arbitrary: move},
  {weight: 1, arbitrary: layerNorm},
);

export const network: fc.Arbitrary<NetworkSpec> = fc.record({
  input: fc.tuple(fc.integer({min: 3, max: 14}), fc.integer({min: 3, max: 14}), fc.integer({min: 1, max: 8})),
  layers: fc.array(layer, {minLength: 1, maxLength: 4}),
  head: fc.constantFrom('none', 'dense', 'softmax', 'globalMax', 'globalAverage'),
  seed: fc.integer({min: 1, max: 1 << 20}),
});

const rectangle = fc.record({
  y: fc.nat(13),
  x: fc.nat(13),
  height: fc.integer({min: 1, max: 4}),
  width: fc.integer({min: 1, max: 4}),
  seed: fc.nat(1 << 20),
});

/** Twenty frames: mostly small edits, some that change nothing, some that change all. */
export const clip: fc.Arbitrary<Edit[]> = fc.array(
  fc.oneof(
    {weight: 6, arbitrary: fc.array(rectangle, {minLength: 1, maxLength: 3})},
    {weight: 2, arbitrary: fc.constant([] as Edit)},
    {weight: 1, arbitrary: rectangle.map(({seed}) => [{y: 0, x: 0, height: 14, width: 14, seed}])},
  ),
  {minLength: 20, maxLength: 20},
);

// Looking up globals is slow in jest's sandbox.
const {imul} = Math;

/** A small generator of our own: the same frames on every machine. */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = imul(state ^ (state >>> 15), 1 | state);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function applyEdit(
  frame: Float32Array,
  [height, width, channels]: NetworkSpec['input'],
  edit: Edit,
): void {
  for (const rect of edit) {
    const next = random(rect.seed);
    for (let y = rect.y; y < Math.min(height, rect.y + rect.height); y++) {
      for (let x = rect.x; x < Math.min(width, rect.x + rect.width); x++) {
        for (let k = 0; k < channels; k++) frame[(y * width + x) * channels + k] = next() * 2 - 1;
      }
    }
  }
}

const sidesOf = (x: tfl.SymbolicTensor) => x.shape.slice(1) as number[];

/** 'valid' windows that do not fit become 'same'. */
function fitting(x: tfl.SymbolicTensor, {kernel, dilations, padding}: Window): 'same' | 'valid' {
  const fits = kernel.every((side, axis) => (side - 1) * dilations[axis] + 1 <= sidesOf(x)[axis]);
  return fits ? padding : 'same';
}

export function buildNetwork(
  {input, layers, head, seed}: NetworkSpec,
  backend: BackendName,
): tfl.LayersModel {
  let seeds = seed;
  const init = () => tfl.initializers.randomUniform({minval: -0.5, maxval: 0.5, seed: seeds++});
  const weights = () => ({kernelInitializer: init(), biasInitializer: init()});
  const normalize = (x: tfl.SymbolicTensor) =>
    tfl.layers
      .batchNormalization({
        movingMeanInitializer: init(),
        movingVarianceInitializer: tfl.initializers.randomUniform({minval: 0.5, maxval: 2, seed: seeds++}),
        betaInitializer: init(),
        gammaInitializer: init(),
      })
      .apply(x) as tfl.SymbolicTensor;

  const add = (x: tfl.SymbolicTensor, spec: LayerSpec): tfl.SymbolicTensor => {
    const make = (): tfl.layers.Layer | null => {
      switch (spec.kind) {
        case 'conv':
        case 'separable':
        case 'depthwise': {
          // TensorFlow's own kernels know no dilated depthwise convolutions.
          const dilates = spec.kind === 'conv' || backend !== 'tensorflow';
          const window = {...spec, dilations: dilates ? spec.dilations : one};
          const shape = {
            kernelSize: spec.kernel,
            strides: spec.strides,
            dilationRate: window.dilations,
            padding: fitting(x, window),
          };
          const activation = spec.norm ? undefined : spec.activation;
          if (spec.kind === 'conv')
            return tfl.layers.conv2d({...shape, ...weights(), filters: spec.filters, activation});
          const depthwise = {
            ...shape,
            depthMultiplier: 1 + (spec.filters % 2),
            depthwiseInitializer: init(),
            biasInitializer: init(),
          };
          if (spec.kind === 'depthwise') return tfl.layers.depthwiseConv2d({...depthwise, activation});
          return tfl.layers.separableConv2d({
            ...depthwise,
            pointwiseInitializer: init(),
            filters: spec.filters,
            activation,
          });
        }
        case 'maxPool':
        case 'averagePool': {
          const config = {poolSize: spec.kernel, strides: spec.strides, padding: fitting(x, spec)};
          return spec.kind === 'maxPool'
            ? tfl.layers.maxPooling2d(config)
            : tfl.layers.averagePooling2d(config);
        }
        case 'layerNorm': {
          const {scale, center} = spec;
          return tfl.layers.layerNormalization({
            scale,
            center,
            gammaInitializer: init(),
            betaInitializer: init(),
          });
        }
        case 'upsample':
          return tfl.layers.upSampling2d({size: spec.factor, interpolation: spec.interpolation});
        case 'pad':
          return tfl.layers.zeroPadding2d({
            padding: [
              [spec.amount, 0],
              [1, spec.amount],
            ],
          } as never);
        case 'crop':
          return sidesOf(x)[0] > spec.amount && sidesOf(x)[1] > spec.amount
            ? tfl.layers.cropping2D({
                cropping: [
                  [spec.amount, 0],
                  [0, spec.amount],
                ],
              })
            : null;
        default:
          return null;
      }
    };
    if (spec.kind === 'residual' || spec.kind === 'branch') {
      const filters = spec.kind === 'residual' ? sidesOf(x)[2] : spec.filters;
      const conv = (activation: 'relu' | 'linear') =>
        tfl.layers
          .conv2d({...weights(), filters, kernelSize: spec.kernel, padding: 'same', activation})
          .apply(x) as tfl.SymbolicTensor;
      if (spec.kind === 'branch')
        return tfl.layers.concatenate().apply([conv('relu'), x]) as tfl.SymbolicTensor;
      const merged = tfl.layers[spec.merge]().apply([conv('linear'), x]) as tfl.SymbolicTensor;
      return tfl.layers.reLU().apply(merged) as tfl.SymbolicTensor;
    }
    const made = make();
    const y = made ? (made.apply(x) as tfl.SymbolicTensor) : x;
    if (!('norm' in spec) || !spec.norm) return y;
    return tfl.layers.activation({activation: spec.activation}).apply(normalize(y)) as tfl.SymbolicTensor;
  };

  const start = tfl.input({shape: input});
  let x = layers.reduce(add, start);
  if (head === 'dense' || head === 'softmax') {
    x = tfl.layers.flatten().apply(x) as tfl.SymbolicTensor;
    x = tfl.layers
      .dense({units: 3, ...weights(), activation: head === 'softmax' ? 'softmax' : 'linear'})
      .apply(x) as tfl.SymbolicTensor;
  }
  if (head === 'globalMax') x = tfl.layers.globalMaxPooling2d({}).apply(x) as tfl.SymbolicTensor;
  if (head === 'globalAverage') x = tfl.layers.globalAveragePooling2d({}).apply(x) as tfl.SymbolicTensor;
  return tfl.model({inputs: start, outputs: x});
}
