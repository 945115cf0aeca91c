/** What has no backward pass over recorded frames is refused by name, by either engine and before anything is recorded. */
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../../../src/cache';
import type {Engine} from '../../../../src/engines';
import {tfjsEngine} from '../../../../src/engines/tfjs/engine';
import {wasmEngine} from '../../../../src/engines/wasm/engine';
import {GraphBuilder, LINEAR, sizeOf, type Op, type Shape} from '../../../../src/graph';
import {useBackend} from '../../../backends';
import {numbers} from '../../../importers/helpers';

const window = {kernel: [1, 1], strides: [1, 1], dilations: [1, 1], padding: 'valid'} as const;
const conv: Op = {kind: 'conv2d', filters: 4, window, activation: LINEAR, batchNormEpsilon: null};

beforeAll(async () => {
  await useBackend('cpu');
  await wasmEngine.prepare();
});

/** A convolution whose filter is to be trained, and a node over it, whose weights are constants. */
function record(engine: Engine, op: Op, weights: Readonly<Record<string, Shape>>): void {
  const builder = new GraphBuilder();
  const tensor = tf.tensor(numbers(16), [1, 1, 4, 4]);
  const filter = builder.weight({name: 'filter', shape: [1, 1, 4, 4], read: () => tensor});
  const [below] = builder.node(conv, [builder.input('x', [4, 4, 4])], {name: 'below', weights: {filter}});
  const slots = Object.entries(weights).map(([name, shape]) => [
    name,
    builder.weight({name, shape, values: () => numbers(sizeOf(shape))}),
  ]);
  const inputs = op.kind === 'merge' ? [below, below] : [below];
  const cutPoints = builder.node(op, inputs, {name: 'above', weights: Object.fromEntries(slots)});
  const program = engine.compile(builder.build(cutPoints), {thresholds: new Map(), inputThreshold: 0});
  const cache = new ActivationCache();
  try {
    program.record(cache, {weights: new Set([filter]), cutPoints, maxBytes: Infinity}).dispose();
  } finally {
    cache.dispose();
    program.dispose();
    tensor.dispose();
  }
}

const REFUSED: readonly [string, Op, Readonly<Record<string, Shape>>][] = [
  ['resize2d', {kind: 'resize2d', size: [2, 2], alignCorners: false, halfPixelCenters: true}, {}],
  ['gather2d', {kind: 'gather2d', rows: [0], columns: [1], fill: 0}, {}],
  ['sliceChannels', {kind: 'sliceChannels', begin: 1, size: 2}, {}],
  ['padChannels', {kind: 'padChannels', before: 1, after: 2}, {}],
  ['depthToSpace', {kind: 'depthToSpace', block: 2}, {}],
  ['affine', {kind: 'affine', activation: LINEAR}, {scale: [4]}],
  [
    'conv2dTranspose',
    {
      kind: 'conv2dTranspose',
      filters: 1,
      kernel: [2, 2],
      strides: [2, 2],
      pad: {top: 0, left: 0},
      size: [8, 8],
      activation: LINEAR,
    },
    {filter: [2, 2, 1, 4]},
  ],
  ['divide', {kind: 'merge', fn: 'divide', activation: LINEAR}, {}],
  ['conv2d', conv, {filter: [1, 1, 4, 4], scale: [4]}],
  ['conv2d', conv, {filter: [1, 1, 4, 4], shift: [4]}],
];

describe.each<[string, Engine]>([
  ['wasm', wasmEngine],
  ['tfjs', tfjsEngine],
])('the %s engine', (_name, engine) => {
  test.each(REFUSED)('refuses %s', (what, op, weights) => {
    expect(() => record(engine, op, weights)).toThrow(`the gradient of 'above' (${what}) cannot be had`);
  });

  test('takes what it can go back through, with weights that are constants', () => {
    expect(() => record(engine, conv, {filter: [1, 1, 4, 4]})).not.toThrow();
    const activation = {name: 'hardSwish', parameter: 1 / 6} as const;
    expect(() => record(engine, {kind: 'activation', activation}, {})).not.toThrow();
  });
});
