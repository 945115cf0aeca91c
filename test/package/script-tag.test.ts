/** The tarball on a page without a bundler: script tags, with TensorFlow.js as the global `tf`. */
import {join} from 'node:path';
import {runScripts} from './browser';
import {Consumer, tool} from './consumer';

describe('the tarball in a script tag', () => {
  const consumer = new Consumer([]).add('check.js').add('script-tag.js');
  const union = tool('@tensorflow/tfjs/dist/tf.min.js');
  const script = join(consumer.installed, 'dist/tfjs-reuse.min.js');
  const [check, page] = ['check.js', 'script-tag.js'].map((file) => join(consumer.folder, file));
  afterAll(() => consumer.dispose());

  it('works on the global tf', async () => {
    expect(await runScripts([union, script, check, page])).toBe('OK');
  });

  it('says what is missing without the global tf', async () => {
    await expect(runScripts([script])).rejects.toThrow('there is no TensorFlow.js at the global "tf"');
  });
});
