/**
 * The tarball bundled with tree shaking, by each of the bundlers that applications are built with: whatever name is imported, what
 * belongs to it comes along.
 */
import {join} from 'node:path';
import {runScripts} from './browser';
import {Consumer, repository, tool} from './consumer';

/** What the package's modules and the application take to be the global `tf`. */
const union = tool('@tensorflow/tfjs/dist/tf.min.js');

describe.each(['vite', 'esbuild', 'webpack'])('the tarball bundled by %s', (bundler) => {
  let consumer: Consumer;
  beforeEach(() => {
    consumer = new Consumer([]).add('check.js');
  });
  afterEach(() => consumer.dispose());

  it.each([
    ['all of it', 'bundle-all.js'],
    ['withReuse alone', 'bundle-wrapper.js'],
    ['IncrementalConv2D alone', 'bundle-layer.js'],
    ['the WebAssembly engine alone', 'bundle-wasm.js'],
    ['regions alone, from each entry', 'bundle-regions.js'],
  ])('works with %s imported', async (_, entry) => {
    consumer
      .add(entry, 'entry.js')
      .node(join(repository, 'test/package/bundle.mjs'), bundler, './entry.js', 'script');
    expect(await runScripts([union, join(consumer.folder, 'out/app.js')])).toBe('OK');
  });
});
