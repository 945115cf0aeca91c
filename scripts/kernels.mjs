/**
 * Compiles the WebAssembly kernels (src/engines/wasm/assembly) into two files of src/engines/wasm: `binaries.ts`, the builds
 * with SIMD and with relaxed SIMD as base64, and `kernel-signatures.ts`, what they export, by the compiler's own account.
 * Does nothing where these were made from the same sources by the same compiler.
 */
import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import asc from 'assemblyscript/asc';
import {signaturesFrom} from './kernel-signatures.mjs';

const folder = join(import.meta.dirname, '../src/engines/wasm');
const sources = join(folder, 'assembly');
const targets = {binaries: join(folder, 'binaries.ts'), signatures: join(folder, 'kernel-signatures.ts')};

/** The features of each build. Both export the same. */
const builds = {relaxed: 'simd,relaxed-simd', simd: 'simd'};

/** Static data (tables of the mathematical functions) must end below the heap, which begins at HEAP_START. */
const common = ['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub'];
const memory = ['--importMemory', '--initialMemory', '2', '--maximumMemory', '65536', '--use', 'abort='];
/** Declarations in TypeScript besides, with the parameters' names. */
const declared = ['--bindings', 'raw'];

const read = (file) => readFileSync(join(sources, file), 'utf8');
const files = readdirSync(sources, {recursive: true})
  .filter((file) => file.endsWith('.ts'))
  .sort();

function fingerprint() {
  const hash = createHash('sha256');
  hash.update(createRequire(import.meta.url)('assemblyscript/package.json').version);
  for (const script of ['kernels.mjs', 'kernel-signatures.mjs']) {
    hash.update(readFileSync(join(import.meta.dirname, script)));
  }
  for (const file of files) hash.update(file).update(read(file));
  return hash.digest('hex');
}

async function compile(features) {
  const written = {};
  const {error, stderr} = await asc.main(
    [
      'index.ts',
      '--enable',
      features,
      '--outFile',
      'kernels.wasm',
      '--baseDir',
      sources,
      ...common,
      ...memory,
      ...declared,
    ],
    {writeFile: (name, contents) => void (written[name] = contents)},
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return {binary: Buffer.from(written['kernels.wasm']), declarations: written['kernels.d.ts']};
}

function isCurrent(target, print) {
  try {
    return readFileSync(target, 'utf8').includes(`// ${print}\n`);
  } catch {
    return false;
  }
}

function write(target, print, what, lines) {
  const header = [
    `/** Made by scripts/kernels.mjs: the kernels of the WebAssembly engine, ${what}. */`,
    `// ${print}`,
  ];
  writeFileSync(target, `${[...header, ...lines].join('\n')}\n`);
}

const print = fingerprint();
if (!Object.values(targets).every((target) => isCurrent(target, print))) {
  const binaries = [];
  let declarations = '';
  for (const [name, features] of Object.entries(builds)) {
    const compiled = await compile(features);
    console.log(`kernels, ${name}: ${compiled.binary.length} bytes`);
    binaries.push(`export const ${name} =\n  '${compiled.binary.toString('base64')}';`);
    ({declarations} = compiled);
  }
  write(
    targets.signatures,
    print,
    'what they take and return',
    signaturesFrom(declarations, files.map(read)),
  );
  write(targets.binaries, print, 'compiled, as base64', binaries);
}
