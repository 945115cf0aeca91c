/** The tarball in Node: from ES modules, from CommonJS modules, and both in one process. */
import {Consumer} from './consumer';

describe('the tarball in Node', () => {
  const consumer = new Consumer().add('check.js').add('esm.mjs').add('cjs.cjs').add('both.mjs');
  afterAll(() => consumer.dispose());

  it.each([
    ['from an ES module', 'esm.mjs'],
    ['from a CommonJS module', 'cjs.cjs'],
    ['from both in one process, through all entries, as one copy', 'both.mjs'],
  ])('works %s', (_, file) => {
    const {stdout, stderr} = consumer.node(file);
    expect(stdout.trimEnd()).toMatch(/^OK$/m);
    expect(stderr).not.toMatch(/already registered/);
  });

  it('has regions where there is no TensorFlow.js', () => {
    const alone = new Consumer([]).add('regions.mjs');
    expect(alone.node('regions.mjs').stdout).toBe('OK\n');
    alone.dispose();
  });
});
