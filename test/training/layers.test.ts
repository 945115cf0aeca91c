/**
 * Every layer and activation through which recorded frames go back, one by one, against differences in float64; and the
 * others, which are refused by name.
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
import {hasBackward} from '../../src/engines/shared/training/below';
import {importLayersModel} from '../../src/importers';
import {useBackend} from '../backends';
import {numbers, randomize, shapesIn, shapesOf} from '../importers/helpers';
import {CASES} from '../importers/layer-cases';
import {turnOf} from '../scale';
import {checkSlopes, type Frame} from './exact';

type Layer = layers.Layer;

const ACTIVATIONS = [
  ...['relu', 'relu6', 'elu', 'selu', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign', 'tanh', 'softmax'],
  ...['logSoftmax', 'gelu', 'gelu_new', 'mish', 'swish'],
] as 'relu'[];

/** The layer over planes that are trained: below it, every channel has a scale and an offset. */
function trained(layer: Layer, shapes: (number | null)[][]): LayersModel {
  const inputs = shapes.map((shape) => input({shape}));
  const below = inputs.map((x) => layers.batchNormalization({}).apply(x) as SymbolicTensor);
  const outputs = layer.apply(below.length === 1 ? below[0] : below) as SymbolicTensor;
  const model = modelOf({inputs, outputs});
  randomize(model);
  return model;
}

/** A few values change from frame to frame. */
function framesFor(shapes: readonly (readonly number[])[]): Frame[] {
  const sizes = shapes.map((shape) => tf.util.sizeFromShape([...shape]));
  let frame = sizes.map((size, i) => numbers(size, 3 + i).map((value) => 2 * value));
  return Array.from({length: 6}, (_, t) => {
    frame = frame.map((values, i) => {
      const fresh = numbers(sizes[i], 20 + t + 31 * i);
      const at = (t * 7) % sizes[i];
      return values.map((value, k) => (k >= at && k < at + 3 ? 2 * fresh[k] : value));
    });
    return frame;
  });
}

const ENGINES = ['wasm', 'tfjs'] as const;

describe.each(ENGINES)('on the %s engine', (engine) => {
  beforeAll(() => useBackend('cpu'));

  test.each(turnOf(CASES, engine, ENGINES))('%s', (_name, make, shapes) => {
    const model = trained(make() as Layer, shapesIn<number | null>(shapes));
    const sides = shapesOf(model);
    const {nodes} = importLayersModel(model, sides);
    const isOpen = model.inputs.some(({shape}) => shape.slice(1).includes(null as never));
    const stranger = nodes.find((node) => !hasBackward(node));
    if (isOpen)
      expect(() => withReuse(model, {engine}).record()).toThrow('make the model with a fixed inputShape');
    else if (stranger) expect(() => withReuse(model).record()).toThrow(`'${stranger.name}'`);
    else checkSlopes(model, sides, framesFor(sides), engine, 5);
    model.dispose();
  });

  // What follows a convolution is fused into it.
  test.each([
    ['a convolution', () => layers.conv2d({filters: 3, kernelSize: 3})],
    ['a depthwise convolution', () => layers.depthwiseConv2d({kernelSize: 3})],
  ])('%s, a batch norm and a relu with a ceiling', (_name, convolution) => {
    for (const after of [[], [layers.batchNormalization({})]]) {
      const x = input({shape: [6, 7, 2]});
      const chain = [convolution() as Layer, ...after, layers.reLU({maxValue: 0.6})];
      const y = chain.reduce((value, layer) => layer.apply(value) as SymbolicTensor, x);
      const model = modelOf({inputs: x, outputs: layers.flatten().apply(y) as SymbolicTensor});
      randomize(model);
      checkSlopes(model, shapesOf(model), framesFor(shapesOf(model)), engine, 5);
      model.dispose();
    }
  });

  test.each(turnOf(ACTIVATIONS, engine, ENGINES))(
    '%s, alone, after a convolution and over a vector',
    (activation) => {
      const alone = (shape: number[]) => trained(layers.activation({activation}) as Layer, [shape]);
      const fused = layers.conv2d({filters: 4, kernelSize: 2, activation}) as Layer;
      for (const model of [alone([3, 4, 5]), alone([6]), trained(fused, [[4, 5, 3]])]) {
        const shapes = shapesOf(model);
        checkSlopes(model, shapes, framesFor(shapes), engine, 5);
        model.dispose();
      }
    },
  );
});
