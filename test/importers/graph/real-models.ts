/** The pretrained models that importing is tried on: what each is shown. Not a test. */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {areModelsInstalled} from '../../../examples/camera/load-model';
import type {Picture} from '../../../examples/camera/pictures';
import {MODELS} from '../../../examples/camera/models';
import {every} from '../../scale';
import {numbers} from '../helpers';

export interface RealModel {
  readonly name: string;
  /** Height and width of the pictures it is shown. */
  readonly size: readonly [number, number];
  /** Whether it has to be awaited. */
  readonly isAsync: boolean;
  /** Whether its outputs hang on what is largest: a rounding may swap them. */
  readonly isRanked: boolean;
  /** The input's values for a picture. */
  encode(picture: Picture): Float32Array | Int32Array;
}

const scaled =
  (scale: number, shift: number) =>
  ({values}: Picture) =>
    Float32Array.from(values, (level) => level * scale + shift);
const bytes = ({values}: Picture) => Int32Array.from(values);
const grey = ({values}: Picture) =>
  Float32Array.from({length: values.length / 3}, (_, i) => values[3 * i + 1] / 127.5 - 1);

type Settings = Partial<Pick<RealModel, 'isAsync' | 'isRanked'>>;

const shown = (
  name: string,
  size: RealModel['size'],
  encode: RealModel['encode'],
  settings: Settings = {},
): RealModel => ({name, size, encode, isAsync: false, isRanked: false, ...settings});

/** As its example has it. */
function ofExample(name: string, settings?: Settings): RealModel {
  const {size, encode} = MODELS.find((model) => model.name === name)!;
  return shown(name, [size.height, size.width], encode, settings);
}

/** Models in which nearly everything is to be in the plan. */
export const PLANNED: readonly RealModel[] = [
  ofExample('posenet'),
  shown('movenet-lightning', [192, 192], bytes, {isRanked: true}),
  shown('movenet-multipose', [192, 256], bytes, {isRanked: true}),
  ofExample('centernet', {isRanked: true}),
  ofExample('nanodet'),
  ofExample('selfie'),
  ofExample('meet'),
  shown('blazeface', [256, 256], scaled(1 / 127.5, -1)),
  shown('facemesh', [192, 192], scaled(1 / 255, 0)),
  shown('emotion', [64, 64], grey),
  shown('handtrack', [240, 320], bytes, {isAsync: true, isRanked: true}),
  shown('efficientpose', [368, 368], scaled(1 / 127.5, -1)),
];

export interface OtherModel {
  readonly name: string;
  readonly isAsync?: boolean;
  /** Whether noise drives it so far that float32 itself is off by more than a plan may be. */
  readonly isNoisy?: boolean;
  /** What it says where the wasm backend cannot compute it. */
  readonly refusal?: string;
}

/** Of all others of the package, some of each sort. */
export const OTHERS: readonly OtherModel[] = [
  ...every(
    {short: 8, ci: 1, long: 1},
    (
      'age antispoof blazeface-back blazeface-front blazepose-detector facemesh-attention-pinto ' +
      'facemesh-detection-full facemesh-detection-short faceres-deep faceres gear gender-ssrnet-imdb gender handdetect ' +
      'handlandmark-full handlandmark-lite handlandmark-sparse handskeleton iris liveness mobileface mobilefacenet ' +
      'movenet-thunder'
    ).split(' '),
  ).map((name) => ({name})),
  ...every({short: 3, ci: 2, long: 1}, ['blazepose-lite', 'blazepose-heavy', 'blazepose-full']).map(
    (name) => ({
      name,
      isNoisy: true,
    }),
  ),
  ...every({short: 2, ci: 1, long: 1}, ['faceboxes', 'rvm']).map((name) => ({name, isAsync: true})),
  {name: 'facemesh-attention', refusal: 'BatchMatMul for non non-float32 tensors not yet supported'},
];

/** What a model reads besides pictures: how much smaller to look, and states that are a number at first. */
const NUMBERS: Readonly<Record<string, number>> = {downsample_ratio: 0.5, r1i: 0, r2i: 0, r3i: 0, r4i: 0};

/** Frames of noise in which a few pixels change, for whatever inputs a model says it has. */
export function noise({inputs}: GraphModel, seed: number, side = 128): tf.NamedTensorMap {
  const named = inputs.map(({name, shape, dtype}): [string, tf.Tensor] => {
    if (name in NUMBERS) return [name, tf.scalar(NUMBERS[name])];
    const sides = shape!.map((size, axis) => (size > 0 ? size : axis === 0 ? 1 : side));
    const values = numbers(tf.util.sizeFromShape(sides));
    numbers(40, seed).forEach((value, i) => (values[(i * 977 + seed * 7919) % values.length] = value));
    if (dtype === 'int32')
      return [
        name,
        tf.tensor(
          values.map((value) => Math.floor(127 * (value + 1))),
          sides,
          dtype,
        ),
      ];
    return [name, tf.tensor(values, sides)];
  });
  return Object.fromEntries(named);
}

/** Skips with a line that says why where the models are not there. */
export const whereInstalled: typeof describe = areModelsInstalled()
  ? describe
  : ((() => {
      test.skip('the models are not installed: npm run models', () => undefined);
    }) as unknown as typeof describe);
