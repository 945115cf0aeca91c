/**
 * What an import costs a page: gzipped bytes of minified code without tfjs, by each bundler. They are recorded in docs/sizes.json,
 * from which docs/package.md has its table; `npm run bench:sizes` records them anew. Raise them only with a reason.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Consumer, repository} from './consumer';

type Sizes = Record<string, Record<string, number>>;

const path = join(repository, 'docs/sizes.json');
const recorded = JSON.parse(readFileSync(path, 'utf8')) as Sizes;
const records = process.env['REUSE_RECORD_SIZES'] === '1';

/** Imports by what they are called in the table. */
const IMPORTS = {
  'tfjs-reuse': "export * from 'tfjs-reuse';",
  'withReuse of tfjs-reuse': "export {withReuse} from 'tfjs-reuse';",
  'tfjs-reuse/wasm': "export * from 'tfjs-reuse/wasm';",
  'tfjs-reuse/regions': "export * from 'tfjs-reuse/regions';",
};

/**
 * The most that an entry may cost, by the bundler that most applications take. Of it 2,400 bytes are for a policy 'auto' that bears key
 * frames, coarse clocks and busy machines, 4,500 for convolutions in tiles and few channels, half of them kernels, 5,000 for threads,
 * 1,300 for training that goes back in tiles, half again as fast, 2,000 for models that reuse in place and for streams in turn, and 1,500 for full
 * frames of deep models, which take a fifth to a half less.
 */
const BUDGET: Record<string, number> = {
  'tfjs-reuse': 178_000,
  'tfjs-reuse/wasm': 103_000,
  'tfjs-reuse/regions': 8_000,
};

const GROWTH = 1.05;

describe.each(['vite', 'esbuild', 'webpack'])('bundled by %s', (bundler) => {
  let consumer: Consumer;
  const measured: Record<string, number> = {};
  beforeAll(() => {
    consumer = new Consumer([]);
  });
  afterAll(() => {
    consumer.dispose();
    if (!records) return;
    recorded[bundler] = measured;
    writeFileSync(path, `${JSON.stringify(recorded, null, 2)}\n`);
  });

  it.each(Object.entries(IMPORTS))('%s is as small as it was', (name, text) => {
    consumer.write('entry.js', text);
    const {stdout} = consumer.node(
      join(repository, 'test/package/bundle.mjs'),
      bundler,
      './entry.js',
      'bytes',
    );
    const bytes = Number(stdout.trim().split('\n').at(-1));
    measured[name] = bytes;
    if (records) return;
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(GROWTH * recorded[bundler][name]);
    if (bundler === 'vite') expect(bytes).toBeLessThanOrEqual(BUDGET[name] ?? Infinity);
  });
});
