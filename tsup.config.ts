/**
 * How the package is built: one ES module and one CommonJS module with their types, and one minified script for a
 * page that has TensorFlow.js as the global `tf`. What the package exports is written in package.json.
 *
 * Every build is a single file whose top level registers the kernels and layer classes, so a bundler that takes any
 * name from it runs the registrations too (package.json says `sideEffects: true`, which holds for `src/` as well:
 * a list of dist files there would let esbuild drop the bare imports of the kernels).
 */
import {rmSync} from 'node:fs';
import {defineConfig, type Options} from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

rmSync('dist', {recursive: true, force: true});

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
const tfjsIsGlobal: Plugin = {
  name: 'tfjs-is-global',
  setup(build) {
    build.onResolve({filter: /^@tensorflow\/tfjs-(core|layers|converter)$/}, () => ({
      path: 'tf',
      namespace: 'global',
    }));
    build.onLoad({filter: /^tf$/, namespace: 'global'}, () => ({contents: globalTf, loader: 'js'}));
  },
};

const common: Options = {target: 'es2022', platform: 'browser', sourcemap: true, splitting: false};

export default defineConfig([
  {...common, entry: {index: 'src/index.ts'}, format: ['esm', 'cjs'], dts: true},
  {
    ...common,
    entry: {'tfjs-reuse': 'src/index.ts'},
    format: 'iife',
    globalName: 'tfjsReuse',
    minify: true,
    outExtension: () => ({js: '.min.js'}),
    esbuildPlugins: [tfjsIsGlobal],
  },
]);
