/**
 * What consumers check of threads: a plain script that sets the global `threads`, for modules and pages alike. Its model takes
 * long enough for its lists to be shared.
 */
globalThis.threads = (() => {
  function modelOf(tf) {
    const input = tf.input({shape: [60, 60, 8]});
    // The second one is computed in tiles, for which each thread has memory of its own.
    const conv = (seed) =>
      tf.layers.conv2d({
        filters: 64,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: tf.initializers.glorotUniform({seed}),
      });
    const pool = tf.layers.globalAveragePooling2d({});
    return tf.model({inputs: input, outputs: pool.apply(conv(2).apply(conv(1).apply(input)))});
  }

  const frame = (seed) =>
    Float32Array.from({length: 60 * 60 * 8}, (_, i) => ((i * 7919 + seed * 31) % 1000) / 1000);

  /** The frames' results, as text: bits would be lost in nothing else. */
  function play(reuse, frames = 6) {
    const results = [];
    for (let t = 0; t < frames; t++) results.push(Array.from(reuse.run(frame(t))));
    return JSON.stringify(results);
  }

  /** Every number of threads gives the same; returns what there is of them after `ready()`. */
  async function same(tf, {withReuse, ready, setThreads, getThreads}) {
    await tf.setBackend('cpu');
    const reuse = withReuse(modelOf(tf), {engine: 'wasm', policy: 'incremental'});
    const before = play(reuse);
    if (getThreads() !== 1) throw new Error(`${getThreads()} threads before ready()`);
    await ready();
    const {count, reason} = reuse.lastFrame.threads;
    if (count !== getThreads()) throw new Error(`${count} threads reported, ${getThreads()} there`);
    if (play(reuse) !== before) throw new Error('other bits after ready()');
    // Threads that come take the places of those that went.
    for (const wanted of [1, 3, 2, 1, 2]) {
      await setThreads(wanted);
      if (count > 1 && getThreads() !== wanted) throw new Error(`${getThreads()} threads, ${wanted} wanted`);
      if (play(reuse) !== before) throw new Error(`other bits on ${wanted} threads`);
    }
    return {count, reason};
  }

  return {modelOf, play, same};
})();
