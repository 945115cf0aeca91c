/** A page's own worker, which has threads of its own: they are workers of a worker. */
importScripts('/tf.min.js', '/node_modules/tfjs-reuse/dist/tfjs-reuse.min.js', '/threads.js');
threads.same(tf, tfjsReuse).then((result) => postMessage(result));
