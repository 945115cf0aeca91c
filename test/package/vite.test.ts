/** The tarball bundled by Vite, with tree shaking: whatever name is imported, the registrations come with it. */
import {join} from 'node:path';
import {runScripts} from './browser';
import {Consumer, required, tool} from './consumer';

const config = `
  export default {
    logLevel: 'warn',
    build: {lib: {entry: 'entry.js', formats: ['iife'], name: 'app', fileName: () => 'app.js'}},
  };
`;

describe('the tarball bundled by Vite', () => {
  const union = ['@tensorflow/tfjs', ...required];
  let consumer: Consumer;
  beforeEach(() => {
    consumer = new Consumer(union).add('check.js').write('vite.config.mjs', config);
  });
  afterEach(() => consumer.dispose());

  it.each([
    ['all of it', 'bundle-all.js'],
    ['withReuse alone', 'bundle-wrapper.js'],
    ['IncrementalConv2D alone', 'bundle-layer.js'],
  ])('works with %s imported', async (_, entry) => {
    consumer.add(entry, 'entry.js').node(tool('vite/bin/vite.js'), 'build');
    expect(await runScripts([join(consumer.folder, 'dist/app.js')])).toBe('OK');
  });
});
