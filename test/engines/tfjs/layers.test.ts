/** Every layer and activation the graph knows, on the engine: edited frames equal a fresh model's and model.predict's. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, type LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../src';
import {backends, useBackend, type BackendName} from '../../backends';
import {expectClose, frameFor, randomize, shapesIn, shapesOf, single} from '../../importers/helpers';
import {CASES} from '../../importers/layer-cases';
import {turnOf} from '../../scale';

type Layer = layers.Layer;

const activations = [
  ...['relu', 'relu6', 'elu', 'selu', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign', 'tanh', 'softmax'],
  ...['logSoftmax', 'gelu', 'gelu_new', 'mish', 'swish'],
] as 'relu'[];

/** Replaces the first value of each input, then a few at its end, by those of another random frame. */
function edited(frame: readonly tf.Tensor[], other: readonly tf.Tensor[], t: number): tf.Tensor[] {
  return frame.map((tensor, i) => {
    const values = tensor.dataSync().slice();
    const fresh = other[i].dataSync();
    const at = (t * 7) % values.length;
    for (let k = at; k < Math.min(values.length, at + 3); k++) values[k] = fresh[k];
    return tf.tensor(values, tensor.shape, tensor.dtype);
  });
}

/** TensorFlow has no kernel for some of what the layers ask of it; then there is nothing to compare with. */
function predicts(model: LayersModel, frame: tf.Tensor[]): boolean {
  try {
    model.predict(frame);
    return true;
  } catch {
    return false;
  }
}

function check(backend: BackendName, model: LayersModel): void {
  randomize(model);
  const reuse = withReuse(model, {policy: 'incremental'});
  const fresh = withReuse(model, {policy: 'incremental'});
  tf.tidy(() => {
    const shapes = shapesOf(model);
    let frame = frameFor(model, shapes, 3);
    if (backend === 'tensorflow' && !predicts(model, frame)) return;
    for (let t = 0; t < 6; t++) {
      const actual = [reuse.predict(frame) as tf.Tensor | tf.Tensor[]].flat();
      fresh.reset();
      const alone = [fresh.predict(frame) as tf.Tensor | tf.Tensor[]].flat();
      const expected = [model.predict(frame)].flat();
      expected.forEach((tensor, i) => {
        expect(actual[i].shape).toEqual(tensor.shape);
        expectClose([actual[i]], [tensor]);
        if (backend === 'cpu') expect(actual[i].dataSync()).toEqual(alone[i].dataSync());
        else expectClose([actual[i]], [alone[i]]);
      });
      frame = edited(frame, frameFor(model, shapes, 20 + t), t);
    }
  });
  reuse.dispose();
  fresh.dispose();
  model.dispose();
}

/** Those whose turn it is. On wasm tfjs's transposed convolution in three dimensions depends on what lay in its memory before: nothing equals it. */
const casesOn = (backend: BackendName) =>
  turnOf(CASES, backend, backends).filter(([name]) => backend !== 'wasm' || name !== 'conv3dTranspose');

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(casesOn(backend))('%s', (_name, make, shapes) => {
    const before = tf.memory().numTensors;
    check(backend, single(make() as Layer, ...shapesIn<number | null>(shapes)));
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each(turnOf(activations, backend, backends))('%s, alone and after a convolution', (activation) => {
    for (const shape of [[3, 4, 5], [4, 3], [6]])
      check(backend, single(layers.activation({activation}) as Layer, shape));
    check(backend, single(layers.conv2d({filters: 4, kernelSize: 2, activation}) as Layer, [4, 5, 3]));
  });
});
