/**
 * Gradients of recorded frames where pruning by equal values, or sums in float32, would get them wrong: each case is made
 * so that a pixel keeps its value and changes what lies behind it, or that little is left of large sums.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {useBackend} from '../backends';
import {random} from '../properties/networks';
import {atScale} from '../scale';

type Loss = (outputs: tf.Tensor) => tf.Scalar;
type Gradients = ReadonlyMap<string, Float32Array>;

const SHAPE = [6, 8, 2] as const;
const SIZE = SHAPE[0] * SHAPE[1] * SHAPE[2];
const FRAMES = atScale({short: 8, ci: 24, long: 24});

beforeAll(() => useBackend('cpu'));

const read = (grads: tf.NamedTensorMap): Gradients =>
  new Map(Object.entries(grads).map(([name, tensor]) => [name, tensor.dataSync<'float32'>().slice()]));

/** By tf.variableGrads of the plain model, frame by frame. */
function expectedOf(model: tfl.LayersModel, frames: readonly tf.Tensor[], loss: Loss): Gradients {
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const outputs = () => tf.concat(frames.map((frame) => model.apply(frame) as tf.Tensor));
  return read(tf.variableGrads(() => loss(outputs()), variables).grads);
}

function recordedOf(
  model: tfl.LayersModel,
  frames: readonly tf.Tensor[],
  loss: Loss,
  engine: 'wasm' | 'tfjs',
): Gradients {
  const reuse = withReuse(model, {engine});
  const episode = reuse.record();
  frames.forEach((frame) => reuse.predict(frame));
  const {grads} = episode.valueAndGrads((outputs) => loss(outputs as tf.Tensor));
  reuse.dispose();
  return read(grads);
}

function expectClose(actual: Gradients, expected: Gradients): void {
  for (const [name, values] of expected) {
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = values.reduce((most, v, i) => Math.max(most, Math.abs(v - actual.get(name)![i])), 0);
    if (!(worst <= 1e-5 * scale)) throw new Error(`${name}: off by ${worst} of ${scale}.`);
  }
}

/** Every output by a weight of its own, each frame by another. */
const weighted: Loss = (outputs) => {
  const next = random(7);
  const weights = tf.tensor(
    Float32Array.from({length: outputs.size}, () => next() - 0.5),
    outputs.shape,
  );
  return tf.sum(tf.mul(outputs, weights)) as tf.Scalar;
};

/** Frames of values out of a few, in which a patch of two by two moves on. */
function clip(values: readonly number[]): tf.Tensor[] {
  const next = random(3);
  const pick = () => values[Math.floor(next() * values.length)];
  const frame = Float32Array.from({length: SIZE}, pick);
  return Array.from({length: FRAMES}, (_, t) => {
    for (const offset of [0, 1, SHAPE[1], SHAPE[1] + 1]) {
      const pixel = (3 * t + offset) % (SHAPE[0] * SHAPE[1]);
      for (let c = 0; c < SHAPE[2]; c++) frame[SHAPE[2] * pixel + c] = pick();
    }
    return tf.tensor4d(frame.slice(), [1, ...SHAPE]);
  });
}

const {layers} = tfl;
const input = () => tfl.input({shape: [...SHAPE]});
const head = (x: unknown) =>
  layers.dense({units: 2}).apply(layers.flatten().apply(x as tfl.SymbolicTensor)) as tfl.SymbolicTensor;

/** Rounds all weights to -1, 0 and 1. */
function roundWeights(model: tfl.LayersModel): void {
  const next = random(5);
  model.setWeights(
    model.getWeights().map((weight) =>
      tf.tensor(
        Float32Array.from({length: weight.size}, () => Math.floor(next() * 3) - 1),
        weight.shape,
      ),
    ),
  );
}

const conv = (options: Partial<Parameters<typeof layers.conv2d>[0]>) =>
  layers.conv2d({filters: 3, kernelSize: 3, padding: 'same', ...options});

function integerNetwork(activation: 'linear' | 'relu'): tfl.LayersModel {
  const x = input();
  const first = conv({activation, useBias: false}).apply(x);
  const second = conv({activation, useBias: false}).apply(first);
  const model = tfl.model({inputs: x, outputs: head(second)});
  roundWeights(model);
  return model;
}

/** A branch whose last filter is zero: what it adds is 0 whatever changes behind it. */
function residualNetwork(): tfl.LayersModel {
  const x = input();
  const trunk = conv({activation: 'relu'}).apply(x) as tfl.SymbolicTensor;
  const branch = conv({kernelInitializer: 'zeros'}).apply(
    conv({activation: 'relu'}).apply(trunk),
  ) as tfl.SymbolicTensor;
  const sum = layers.activation({activation: 'relu'}).apply(layers.add().apply([trunk, branch]));
  return tfl.model({inputs: x, outputs: head(sum)});
}

function poolNetwork(): tfl.LayersModel {
  const x = input();
  const first = conv({kernelSize: 1, useBias: false}).apply(x);
  const pooled = layers.maxPooling2d({poolSize: 3, strides: 1, padding: 'same'}).apply(first);
  const model = tfl.model({inputs: x, outputs: head(conv({}).apply(pooled))});
  roundWeights(model);
  return model;
}

/** Of many inputs so large that a sigmoid gives 0 or 1, and a relu6 6, where there is no derivative. */
function saturatedNetwork(): tfl.LayersModel {
  const x = input();
  const both = [conv({activation: 'sigmoid'}).apply(x), conv({activation: 'relu6'}).apply(x)];
  const joined = layers.concatenate().apply(both as tfl.SymbolicTensor[]);
  return tfl.model({inputs: x, outputs: head(conv({activation: 'tanh'}).apply(joined))});
}

/** Images side by side, of which an activation of its own makes less. */
function joinedNetwork(activation: 'relu' | 'sigmoid' | 'swish'): tfl.LayersModel {
  const x = input();
  const both = [conv({}).apply(x), conv({activation: 'relu'}).apply(x), x];
  const joined = layers.concatenate().apply(both as tfl.SymbolicTensor[]);
  const active = layers.activation({activation}).apply(joined);
  return tfl.model({inputs: x, outputs: head(conv({activation: 'tanh'}).apply(active))});
}

/** Channels enough for the WebAssembly engine to compute the second one in tiles. */
const wideNetwork = (): tfl.LayersModel => {
  const x = input();
  const first = conv({filters: 16, activation: 'relu'}).apply(x);
  return tfl.model({inputs: x, outputs: head(conv({filters: 18, activation: 'relu'}).apply(first))});
};

const zeroNetwork = (): tfl.LayersModel => {
  const x = input();
  const first = conv({kernelInitializer: 'zeros', activation: 'linear'}).apply(x);
  return tfl.model({inputs: x, outputs: head(conv({}).apply(first))});
};

describe.each(['wasm', 'tfjs'] as const)('on the %s engine', (engine) => {
  it.each([
    ['whole-numbered weights, linear', () => integerNetwork('linear'), [-1, 0, 1]],
    ['whole-numbered weights, relu', () => integerNetwork('relu'), [-1, 0, 1]],
    ['filters of zeros', zeroNetwork, [-1, 0, 1]],
    ['a residual branch that ends in zeros', residualNetwork, [-1, -0.5, 0.5, 1]],
    ['ties in the windows of a max pool', poolNetwork, [-1, 0, 1]],
    ['wide convolutions', wideNetwork, [-1, -0.5, 0.5, 1]],
    ['saturated activations', saturatedNetwork, [-60, -1, 0, 1, 60]],
    ['a relu of images side by side', () => joinedNetwork('relu'), [-1, 0, 0.5, 1]],
    ['a sigmoid of images side by side', () => joinedNetwork('sigmoid'), [-1, 0, 0.5, 1]],
    ['a swish of images side by side', () => joinedNetwork('swish'), [-1, 0, 0.5, 1]],
  ])('%s: as tf.variableGrads of the plain model', (_, build, values) => {
    const model = build();
    tf.tidy(() => {
      const frames = clip(values);
      expectClose(recordedOf(model, frames, weighted, engine), expectedOf(model, frames, weighted));
    });
    model.dispose();
  });

  it('dense weights of pixels that are rarely active, element by element, beside a spike of the loss', () => {
    // Pixel t is 1 in frame t alone. Each frame's gradient is small, but for one that is a million times as large.
    const pixels = 200;
    const model = tfl.sequential({
      layers: [layers.flatten({inputShape: [1, pixels, 1]}), layers.dense({units: 1, useBias: false})],
    });
    const rewards = Float32Array.from({length: pixels}, (_, t) => (t === 90 ? 1e6 : Math.sin(1 + t)));
    const frames = Array.from({length: pixels}, (_, t) =>
      tf.tensor4d(
        Float32Array.from({length: pixels}, (_, i) => (i === t ? 1 : 0)),
        [1, 1, pixels, 1],
      ),
    );
    const loss: Loss = (outputs) =>
      tf.sum(tf.mul(tf.squeeze(outputs, [1]), tf.tensor1d(rewards))) as tf.Scalar;
    const [gradient] = recordedOf(model, frames, loss, engine).values();
    gradient.forEach((value, t) => {
      expect(Math.abs(value - rewards[t])).toBeLessThanOrEqual(1e-5 * Math.abs(rewards[t]));
    });
    tf.dispose(frames);
    model.dispose();
  });
});
