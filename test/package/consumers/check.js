/**
 * What every consumer checks, however it got hold of the package: a plain script that sets the global `check`, so that
 * an ES module, a CommonJS module, a bundle and a script tag can all run it.
 */
globalThis.check = (() => {
  const window = {filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu'};

  /** A wrapped model answers two similar frames as the model itself does. */
  async function wrapped(tf, withReuse) {
    await tf.setBackend('cpu');
    const model = sequential(tf, tf.layers.conv2d({...window, inputShape: [12, 10, 3]}));
    compareModels(tf, model, withReuse(model));
  }

  /** A layer of the package, by its class, does what tfjs's own does; the model may be wrapped as well. */
  async function layer(tf, IncrementalConv2D, withReuse) {
    await tf.setBackend('cpu');
    const plain = sequential(tf, tf.layers.conv2d({...window, inputShape: [12, 10, 3]}));
    const incremental = sequential(tf, new IncrementalConv2D({...window, inputShape: [12, 10, 3]}));
    incremental.setWeights(plain.getWeights());
    compareModels(tf, plain, withReuse ? withReuse(incremental) : incremental);
  }

  /** A model that was saved with the layer loads and runs where nothing has named the layer's class. */
  async function registered(tf) {
    await tf.setBackend('cpu');
    const plain = sequential(tf, tf.layers.conv2d({...window, inputShape: [12, 10, 3]}));
    const modelTopology = JSON.parse(plain.toJSON().replace('"Conv2D"', '"IncrementalConv2D"'));
    const loaded = await tf.loadLayersModel(tf.io.fromMemory({modelTopology}));
    const [first] = loaded.layers;
    if (first.getClassName() !== 'IncrementalConv2D') throw new Error(`loaded a ${first.getClassName()}`);
    loaded.setWeights(plain.getWeights());
    compareModels(tf, plain, loaded);
  }

  /** A model goes through save and load, whichever copy of the package made its layers. */
  async function savedAndLoaded(tf, IncrementalConv2D, withReuse) {
    await tf.setBackend('cpu');
    const model = sequential(tf, new IncrementalConv2D({...window, inputShape: [12, 10, 3]}));
    let artifacts;
    await model.save(
      tf.io.withSaveHandler(async (saved) => {
        artifacts = saved;
        return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'}};
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    compareModels(tf, model, withReuse(loaded));
  }

  function sequential(tf, first) {
    return tf.sequential({layers: [first, tf.layers.flatten(), tf.layers.dense({units: 5})]});
  }

  /** Frame by frame, on two frames that differ in one pixel. */
  function compareModels(tf, expected, actual) {
    for (const frame of frames(tf)) {
      const want = expected.predict(frame).dataSync();
      const got = actual.predict(frame).dataSync();
      const largest = Math.max(...want.map(Math.abs));
      const close = (value, i) => Math.abs(value - want[i]) <= 1e-5 * largest;
      if (got.length !== want.length || !got.every(close)) throw new Error(`got ${got}, expected ${want}`);
    }
  }

  function frames(tf) {
    const pixels = Array.from({length: 12 * 10 * 3}, (_, i) => Math.sin(i));
    const next = pixels.map((value, i) => (i === 150 ? 2 : value));
    return [pixels, next].map((values) => tf.tensor4d(values, [1, 12, 10, 3]));
  }

  return {wrapped, layer, registered, savedAndLoaded};
})();
