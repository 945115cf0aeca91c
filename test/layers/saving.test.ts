/** Models with incremental layers are saved and loaded by tfjs's own functions. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, loadLayersModel, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {IncrementalConv2D, withReuse} from '../../src';
import {backends, useBackend} from '../backends';
import {batchOf, editedFrames, expectSame, functionalOf, kinds, pairOf, type Kind} from './helpers';

/** Saves, through JSON as a file would hold it, and loads. */
async function roundTrip(model: LayersModel): Promise<LayersModel> {
  let artifacts: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler((saved) => {
      artifacts = saved;
      return Promise.resolve({modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}});
    }),
  );
  const {weightData, ...rest} = artifacts;
  const text = JSON.parse(JSON.stringify(rest)) as tf.io.ModelArtifacts;
  return loadLayersModel(tf.io.fromMemory({...text, weightData: weightData!}));
}

/** As a file holds it: what is undefined is null there. */
const configOf = (model: LayersModel) =>
  JSON.parse(JSON.stringify(model.layers[0].getConfig(), (_, value: unknown) => value ?? null)) as object;
const namesOf = (model: LayersModel) => model.weights.map(({originalName}) => originalName);

// tfjs-node's arrays come from outside the tests' own global object, and tfjs refuses to save them there.
describe.each(backends.filter((name) => name !== 'tensorflow'))('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(kinds)('$name', (kind: Kind) => {
    it('comes back from a save with its class, config, weights and their names', async () => {
      const {plain, reusing} = pairOf(kind, {name: 'eye', threshold: {relative: 0}});
      reusing.predict(tf.zeros([1, ...kind.shape]));
      const loaded = await roundTrip(reusing);
      const again = await roundTrip(loaded);
      for (const model of [loaded, again]) {
        expect(model.layers[0].constructor).toBe(reusing.layers[0].constructor);
        expect(configOf(model)).toEqual(configOf(reusing));
        expect(namesOf(model)).toEqual(namesOf(reusing));
        expect(model.layers[0].name).toBe('eye');
        for (const frame of editedFrames(kind.shape, 12)) {
          const x = batchOf(kind.shape, [frame]);
          expectSame(model.predict(x), plain.predict(x));
        }
      }
    });

    it('comes back in a functional model, without a name of its own', async () => {
      const model = functionalOf(kind, kind.reusing(kind.config));
      const loaded = await roundTrip(model);
      expect(namesOf(loaded)).toEqual(namesOf(model));
      const x = batchOf(kind.shape, editedFrames(kind.shape, 3));
      expectSame(loaded.predict(x), model.predict(x));
    });
  });

  it('weights of the plain model are loaded into the model with reuse, where the names are the same', async () => {
    const config = {filters: 2, kernelSize: 3, inputShape: [6, 6, 1], name: 'eye'};
    const plain = sequential({layers: [layers.conv2d(config)]});
    const reusing = sequential({layers: [new IncrementalConv2D(config)]});
    reusing.loadWeights(
      Object.fromEntries(plain.weights.map((weight) => [weight.originalName, weight.read()])),
    );
    const x = tf.randomUniform([2, 6, 6, 1]);
    expectSame(reusing.predict(x), plain.predict(x));
  });

  it('a loaded layer of withReuse() owns its weights, and a wrapped wrapper loads too', async () => {
    const inner = withReuse(
      layers.conv2d({filters: 2, kernelSize: 3, inputShape: [6, 6, 1], trainable: false}),
      {threshold: 0.5},
    );
    const model = sequential({layers: [withReuse(inner)]});
    const loaded = await roundTrip(model);
    expect(loaded.layers[0].getConfig()).toEqual(model.layers[0].getConfig());
    expect(loaded.layers[0].trainable).toBe(false);
    expect(loaded.dispose().numDisposedVariables).toBe(2);
    expect(model.dispose().numDisposedVariables).toBe(0);
  });
});
