/**
 * Serves the page and, below /data/, what it plays and loads, from where that lies in this repository. Recordings and the
 * clip are unpacked here: browsers do not unpack brotli for scripts.
 */
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {createRequire} from 'node:module';
import {brotliDecompressSync} from 'node:zlib';
import {defineConfig, type Plugin} from 'vite';

const examples = join(import.meta.dirname, '..');
const root = join(examples, '..');
const wasmBackend = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

/** Where scripts/models.mjs puts them. */
const models = join(root, 'node_modules/.cache/tfjs-reuse/human-models-3.0.4/models');

/** The names of the pretrained models that are installed, for /data/models.json; and what is below each folder of /data/. */
const installed = () => (existsSync(models) ? readdirSync(models) : []);
const unpacked = (path: string) => brotliDecompressSync(readFileSync(join(examples, path)));
const folders = new Map<string, (name: string) => Buffer>([
  ['recordings', (name) => unpacked(`atari/recordings/${name}.rec.br`)],
  ['clip', (name) => unpacked(`camera/clip/${name}.clip.br`)],
  ['models', (name) => readFileSync(join(models, name))],
  ['wasm', (name) => readFileSync(join(wasmBackend, name))],
]);

/** What is at /data/FOLDER/NAME; null where nothing is. */
function read(folder: string, name: string): Buffer | null {
  try {
    return folders.get(folder)?.(name) ?? null;
  } catch {
    return null;
  }
}

const data: Plugin = {
  name: 'data',
  configureServer: ({middlewares}) => {
    middlewares.use('/data/models.json', (_request, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(installed())),
    );
    middlewares.use('/data', (request, response) => {
      const [, folder, name] = /^\/(\w+)\/([\w-][\w.-]*)$/.exec(request.url ?? '') ?? [];
      const body = read(folder, name);
      response.statusCode = body ? 200 : 404;
      response.setHeader(
        'content-type',
        name?.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream',
      );
      response.end(body ?? 'There is no such file.');
    });
  },
};

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: join(root, 'node_modules/.vite/browser'),
  plugins: [data],
  server: {
    fs: {allow: [root]},
    // With these, tfjs's wasm backend may use threads: reuse is held against the fastest there is.
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
  // Found late, they would have the page reload while it runs.
  optimizeDeps: {
    include: [
      'tfjs-core',
      'tfjs-layers',
      'tfjs-converter',
      'tfjs-backend-cpu',
      'tfjs-backend-wasm',
      'tfjs-backend-webgl',
      'tfjs-backend-webgpu',
    ].map((name) => `@tensorflow/${name}`),
  },
});
