/**
 * Bundles an entry file as an application would, with one of three bundlers, minified and tree-shaken, but for tfjs, which is left
 * out. Run by tests, in a folder of a consumer: `node bundle.mjs BUNDLER ENTRY script|bytes`. With `script`, all of it goes
 * into `out/app.js`, a classic script that takes tfjs to be the global `tf`. With `bytes`, what is printed is the gzipped bytes
 * that a page loads with the entry: all chunks but those that are loaded later.
 */
import {Buffer} from 'node:buffer';
import {createRequire} from 'node:module';
import {basename, join, resolve} from 'node:path';
import process from 'node:process';
import {pathToFileURL} from 'node:url';
import {gzipSync} from 'node:zlib';

const [, script, bundler, entry, scope] = process.argv;
const tools = createRequire(pathToFileURL(script));
const folder = resolve('out');
const peers = /^@tensorflow\//;
const isScript = scope === 'script';

/** Of a script: every module of tfjs is the one global. */
const tfjsIsGlobal = {
  name: 'tfjs-is-global',
  setup(build) {
    build.onResolve({filter: peers}, () => ({path: 'tf', namespace: 'global'}));
    build.onLoad({filter: /^tf$/, namespace: 'global'}, () => ({
      contents: 'module.exports = globalThis.tf;',
    }));
  },
};

/** A chunk: what it holds, and the chunks that come with it. */
const bundlers = {
  async esbuild() {
    const {build} = tools('esbuild');
    const {outputFiles, metafile} = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      outdir: folder,
      entryNames: 'app',
      metafile: true,
      logLevel: 'warning',
      write: isScript,
      ...(isScript
        ? {format: 'iife', plugins: [tfjsIsGlobal]}
        : {format: 'esm', splitting: true, external: ['@tensorflow/*']}),
    });
    const texts = new Map((outputFiles ?? []).map(({path, text}) => [basename(path), text]));
    return Object.entries(metafile.outputs).map(([path, {imports, entryPoint}]) => ({
      name: basename(path),
      code: texts.get(basename(path)),
      imports: imports
        .filter(({kind, external}) => kind === 'import-statement' && !external)
        .map((one) => basename(one.path)),
      isEntry: entryPoint !== undefined && resolve(entryPoint) === resolve(entry),
    }));
  },

  async vite() {
    const {build} = await import(pathToFileURL(tools.resolve('vite')).href);
    const {output} = [
      await build({
        logLevel: 'warn',
        configFile: false,
        build: {
          outDir: folder,
          write: isScript,
          minify: true,
          // A library's build would leave what is said of side effects to others.
          rolldownOptions: {
            input: resolve(entry),
            external: peers,
            preserveEntrySignatures: 'strict',
            output: {
              entryFileNames: 'app.js',
              ...(isScript && {format: 'iife', codeSplitting: false, globals: () => 'tf'}),
            },
          },
        },
      }),
    ].flat()[0];
    return output
      .filter(({type}) => type === 'chunk')
      .map(({fileName, code, imports, isEntry}) => ({
        name: fileName,
        code,
        imports: imports.filter((name) => !peers.test(name)),
        isEntry,
      }));
  },

  async webpack() {
    const webpack = tools('webpack');
    const compiler = webpack({
      mode: 'production',
      entry: {app: resolve(entry)},
      output: {
        path: folder,
        filename: '[name].js',
        publicPath: '',
        ...(!isScript && {library: {type: 'module'}}),
      },
      experiments: {outputModule: !isScript},
      externals: [
        ({request}, done) => {
          if (!peers.test(request)) done();
          else done(null, isScript ? 'var tf' : `module ${request}`);
        },
      ],
      optimization: {minimize: !isScript},
      performance: {hints: false},
    });
    const files = new Map();
    if (!isScript) {
      compiler.outputFileSystem = {
        mkdir: (path, ...rest) => rest.at(-1)(null),
        stat: (path, done) => done(Object.assign(new Error('none'), {code: 'ENOENT'})),
        readFile: (path, done) => done(Object.assign(new Error('none'), {code: 'ENOENT'})),
        writeFile: (path, code, done) => void (files.set(basename(path), String(code)), done(null)),
        join,
      };
    }
    const stats = await new Promise((done, fail) => {
      compiler.run((error, result) => (error ? fail(error) : done(result)));
    });
    if (stats.hasErrors()) throw new Error(stats.toString('errors-only'));
    const initial = new Set(
      [...stats.compilation.chunks].filter((one) => one.canBeInitial()).flatMap(({files: of}) => [...of]),
    );
    return [...initial].map((name) => ({name, code: files.get(name), imports: [], isEntry: true}));
  },
};

const chunks = await bundlers[bundler]();
if (!isScript) {
  const loaded = new Set();
  const load = (chunk) => {
    if (loaded.has(chunk)) return;
    loaded.add(chunk);
    chunk.imports.forEach((name) => load(chunks.find((one) => one.name === name)));
  };
  chunks.filter(({isEntry}) => isEntry).forEach(load);
  const bytes = [...loaded].reduce((sum, {code}) => sum + gzipSync(Buffer.from(code), {level: 9}).length, 0);
  process.stdout.write(`${bytes}\n`);
}
