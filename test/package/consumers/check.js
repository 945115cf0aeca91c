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
    const reuse = withReuse(model);
    const {name} = reuse.constructor;
    if (name !== 'ReuseModel') throw new Error(`the class of a wrapped model is named ${name}`);
    compareModels(tf, model, reuse);
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

  /** Regions and models of one copy of the package are taken by the other. */
  function regions(tf, maker, user) {
    const model = sequential(tf, tf.layers.conv2d({...window, inputShape: [12, 10, 3]}));
    const options = {policy: 'incremental', verify: true};
    const [before, after] = frames(tf);
    const [a, b] = [before, after].map((x) => ({data: x.dataSync(), height: 12, width: 10}));
    const changed = maker.diff(a, b);
    const want = model.predict(after).dataSync();
    for (const reuse of [user.withReuse(model, options), user.withReuse(maker.withReuse(model, options))]) {
      reuse.predict(before).dispose();
      const got = reuse.predict(after, {changed}).dataSync();
      if (got.some((value, i) => Math.abs(value - want[i]) > 1e-5))
        throw new Error(`got ${got}, expected ${want}`);
    }
    if (!user.Region.full(12, 10).union(changed).isFull) throw new Error('not united');
    if (user.propagate(changed, {input: [12, 10], kernel: [3, 3]}).area === 0)
      throw new Error('not propagated');
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

  return {regions, wrapped, layer, registered, savedAndLoaded};
})();
