/** Tensors of another dtype than the model's input: cast as the model casts them, or refused where it refuses. */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse, type Prediction} from '../../src';
import {useBackend} from '../backends';
import {TfGraph} from '../importers/graph/tf-graph';
import {numbers} from '../importers/helpers';
import {expectClose, leftBy, poke, SHAPE, sidesInTurn, SIZE, smallModel, tensorOf, valuesOf} from './helpers';

const DTYPES = ['float32', 'int32', 'bool'] as const;
type DType = (typeof DTYPES)[number];

const FRAME: Record<DType, tf.TensorLike> = {
  float32: [1.7, -2.7, 0, 0.4, 3],
  int32: [1, -2, 0, 2, 3],
  bool: [true, false, false, true, true],
};
const frameOf = (dtype: DType, rows = 1) =>
  tf.tidy(() => tf.tile(tf.tensor(FRAME[dtype], [1, 5, 1], dtype), [rows, 1, 1]));

/** What goes in comes out. */
function layersModel(dtype: DType): LayersModel {
  return sequential({
    layers: [layers.inputLayer({inputShape: [5, 1], dtype}), layers.reshape({targetShape: [1, 5]})],
  });
}

function graphModel(dtype: DType): Promise<GraphModel> {
  const graph = new TfGraph();
  const type = {float32: 'DT_FLOAT', int32: 'DT_INT32', bool: 'DT_BOOL'}[dtype];
  graph.named('y', 'Identity', [graph.input('x', [1, 5, 1], {type})]);
  return graph.load();
}

const shownOf = (prediction: Prediction) => {
  const {dtype} = prediction as tf.Tensor;
  return {dtype, values: Array.from(valuesOf(prediction))};
};

const pairs = DTYPES.flatMap((wanted) => DTYPES.map((given) => [given, wanted] as const));

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  test.each(pairs)('%s for a layers model of %s', async (given, wanted) => {
    const model = layersModel(wanted);
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    for (const rows of [1, 1, 3]) {
      const x = frameOf(given, rows);
      const expected = shownOf(model.predict(x));
      expect(shownOf(reuse.predict(x))).toEqual(expected);
      expect(shownOf(await reuse.predictAsync(x))).toEqual(expected);
      x.dispose();
    }
    expect(reuse.lastFrame?.path).not.toBe('dense');
    reuse.dispose();
    model.dispose();
  });

  test.each(pairs)('%s for a graph model of %s', async (given, wanted) => {
    const model = await graphModel(wanted);
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const x = frameOf(given);
    if (given === wanted) expect(shownOf(reuse.predict(x))).toEqual(shownOf(model.predict(x)));
    else {
      expect(() => model.predict(x)).toThrow(`must be ${wanted}, but was ${given}`);
      expect(() => reuse.predict(x)).toThrow(`Expected dtype ${wanted}`);
    }
    x.dispose();
    reuse.dispose();
  });

  test('pixels as tf.browser.fromPixels gives them, frame after frame, and nothing is left behind', async () => {
    const model = smallModel();
    const before = tf.memory().numTensors;
    const reuse = withReuse(model, {engine, policy: 'incremental', verify: true});
    const frame = numbers(SIZE, 1).map((value) => Math.round(100 * value));
    const ask = [
      (x: tf.Tensor) => reuse.predict(x),
      (x: tf.Tensor) => reuse.predict(x, {commit: false}),
      (x: tf.Tensor) => reuse.predictAsync(x),
    ];
    for (let t = 0; t < 6; t++) {
      const floats = tensorOf(poke(frame, t).map(Math.round));
      const x = tf.cast(floats, 'int32');
      expectClose(valuesOf(await ask[t % 3](x)), valuesOf(model.predict(floats) as tf.Tensor));
      expect(reuse.lastFrame?.path).not.toBe('dense');
      tf.dispose([floats, x]);
    }
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('text is refused', () => {
    const reuse = withReuse(smallModel(), {engine});
    const text = tf.tensor(new Array<string>(SIZE).fill('a'), [1, ...SHAPE]);
    expect(
      leftBy(() => expect(() => reuse.predict(text)).toThrow(/Expected dtype float32.*got string/)),
    ).toBe(0);
    text.dispose();
    reuse.dispose();
  });
});

describe('where the policy rests', () => {
  beforeAll(() => useBackend('cpu'));

  test('frames of another dtype than the one before it', () => {
    const model = layersModel('int32');
    const reuse = withReuse(model, {policy: 'dense'});
    for (const dtype of ['int32', 'float32', 'float32', 'bool', 'int32', 'int32'] as const) {
      const x = frameOf(dtype);
      expect(shownOf(reuse.predict(x))).toEqual(shownOf(model.predict(x)));
      x.dispose();
    }
    reuse.dispose();
  });
});
