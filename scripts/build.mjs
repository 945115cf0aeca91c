/**
 * Builds the package: its entries as ES modules and as CommonJS modules with their types, and one minified script for a page
 * that has TensorFlow.js as the global `tf`. What the package exports is written in package.json.
 *
 * Entries share chunks, so that a class is the same whichever entry it came from. Bundlers take the ES modules, for imports and
 * for requires alike, and Node the CommonJS ones (its imports through `*.node.js`), so that a program has one copy of everything.
 * The only side effect of importing is in `index`: it registers the layers with tfjs.
 */
import {rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {rolldown} from 'rolldown';
import {rollup} from 'rollup';
import {dts} from 'rollup-plugin-dts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const entries = ['index', 'wasm', 'regions'];
const input = Object.fromEntries(entries.map((name) => [name, join(root, `src/${name}.ts`)]));
const tsconfig = join(root, 'tsconfig.build.json');
const peers = /^@tensorflow\//;

/** Each entry, in one format. */
async function modules(format, extension) {
  const bundle = await rolldown({input, external: peers, tsconfig, transform: {target: 'es2022'}});
  await bundle.write({
    dir: dist,
    format,
    exports: 'named',
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `[name]-[hash].${extension}`,
  });
}

/** Runs where the script starts: finds the page's TensorFlow.js, or says what to load. */
const globalTf = `
const tf = globalThis.tf;
if (!tf || !tf.layers || !tf.registerKernel) {
  throw new Error(
    'tfjs-reuse: there is no TensorFlow.js at the global "tf". ' +
      'Put a script tag for @tensorflow/tfjs (dist/tf.min.js) before the one for tfjs-reuse.',
  );
}
module.exports = tf;
`;

/** Lets every `@tensorflow/tfjs-*` module be the one global `tf`, which holds the names of all of them. */
const tfjsIsGlobal = {
  name: 'tfjs-is-global',
  resolveId: (source) => (peers.test(source) ? 'global-tf.cjs' : null),
  load: (id) => (id === 'global-tf.cjs' ? {code: globalTf, moduleType: 'js'} : null),
};

async function script() {
  const bundle = await rolldown({
    input: input.index,
    tsconfig,
    transform: {target: 'es2022'},
    plugins: [tfjsIsGlobal],
  });
  await bundle.write({
    file: join(dist, 'tfjs-reuse.min.js'),
    format: 'iife',
    name: 'tfjsReuse',
    exports: 'named',
    minify: true,
    codeSplitting: false,
  });
}

/** The types of all entries, in one format; both hold the same. */
async function types(extension) {
  const bundle = await rollup({input, external: peers, plugins: [dts({tsconfig})]});
  await bundle.write({
    dir: dist,
    entryFileNames: `[name].d.${extension}`,
    chunkFileNames: `[name]-[hash].d.${extension}`,
  });
}

rmSync(dist, {recursive: true, force: true});
await Promise.all([modules('esm', 'js'), modules('cjs', 'cjs'), script(), types('ts'), types('cts')]);
for (const name of entries) writeFileSync(join(dist, `${name}.node.js`), `export * from './${name}.cjs';\n`);
