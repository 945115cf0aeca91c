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

  /** Regions and models of one entry are taken by the others: their classes are the same. */
  function entries(tf, {everything, regions, wasm}) {
    for (const {Region} of [everything, wasm]) {
      if (Region !== regions.Region) throw new Error('there are two Regions');
    }
    if (everything.ReuseModel !== wasm.ReuseModel) throw new Error('there are two ReuseModels');
    const model = sequential(tf, tf.layers.conv2d({...window, inputShape: [12, 10, 3]}));
    const options = {policy: 'incremental'};
    const [before, after] = frames(tf);
    const [a, b] = [before, after].map((x) => ({data: x.dataSync(), height: 12, width: 10}));
    const changed = regions.diff(a, b);
    const want = model.predict(after).dataSync();
    const one = wasm.withReuse(model, options);
    for (const reuse of [
      everything.withReuse(model, {...options, verify: true}),
      one,
      everything.withReuse(one),
    ]) {
      reuse.predict(before).dispose();
      const got = reuse.predict(after, {changed}).dataSync();
      if (got.some((value, i) => Math.abs(value - want[i]) > 1e-5))
        throw new Error(`got ${got}, expected ${want}`);
    }
  }

  /** The entry that only predicts says so of all else; and a model that its engine does not compute computes itself. */
  function predictsAlone(tf, withReuse) {
    const model = sequential(tf, tf.layers.conv2d({...window, inputShape: [12, 10, 3]}));
    const reuse = withReuse(model);
    for (const method of ['record', 'summary']) expectError(() => reuse[method](), 'which only predicts');
    expectError(() => withReuse(model, {verify: true}), 'which only predicts');
    expectError(() => withReuse(tf.layers.flatten()), "layers with reuse are in 'tfjs-reuse'");
    for (const engine of ['webgpu', 'tfjs']) {
      const [frame] = frames(tf);
      expectError(() => withReuse(model, {engine}).predict(frame), 'not in this entry');
    }
    const input = tf.input({shape: [4, 4, 1], dtype: 'int32'});
    const plain = tf.model({inputs: input, outputs: tf.layers.flatten().apply(input)});
    const left = withReuse(plain, {policy: 'incremental'});
    for (let t = 0; t < 2; t++) left.predict(tf.fill([1, 4, 4, 1], t, 'int32')).dispose();
    const {path, reason} = left.lastFrame;
    if (path !== 'dense' || !reason.startsWith('the WebAssembly engine does not compute it'))
      throw new Error(`${path}: ${reason}`);
  }

  function expectError(run, part) {
    try {
      run();
    } catch (error) {
      if (error.message.includes(part)) return;
      throw new Error(`"${error.message}" does not say "${part}"`, {cause: error});
    }
    throw new Error(`nothing says "${part}"`);
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

  return {entries, predictsAlone, wrapped, layer, registered, savedAndLoaded};
})();
