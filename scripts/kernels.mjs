/**
 * Compiles the WebAssembly kernels (src/engines/wasm/assembly), two modules over one memory: those of frames, and those of
 * the backward pass. Of each it makes two files in src/engines/wasm: the build with SIMD and the one with relaxed SIMD as
 * texts, and what they export, by the compiler's own account. Does nothing where these were made from the same sources by
 * the same compiler.
 */
import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import asc from 'assemblyscript/asc';
import {signaturesFrom} from './kernel-signatures.mjs';
import {orderOf, patchOf, textOf} from './kernel-text.mjs';

const folder = join(import.meta.dirname, '../src/engines/wasm');
const sources = join(folder, 'assembly');

/** Each module: where it begins, the files made of it, how much size counts beside speed, and the names there. */
const modules = [
  {
    entry: 'index.ts',
    binaries: join(folder, 'binaries.ts'),
    signatures: join(folder, 'kernel-signatures.ts'),
    shrink: '0',
    names: {kernels: 'Kernels', bind: 'bind', fork: 'forked'},
  },
  {
    entry: 'backward.ts',
    binaries: join(folder, 'backward-binaries.ts'),
    signatures: join(folder, 'backward-signatures.ts'),
    shrink: '1',
    names: {kernels: 'BackwardKernels', bind: 'bindBackward', fork: 'forkedBackward'},
  },
];

/** The features of each build. Both export the same. */
const SIMD = 'simd';
const RELAXED = 'simd,relaxed-simd';

/** Static data (tables of the mathematical functions) must end below the heap, which begins at HEAP_START. */
const common = ['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub'];
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
  for (const script of ['kernels.mjs', 'kernel-signatures.mjs', 'kernel-text.mjs']) {
    hash.update(readFileSync(join(import.meta.dirname, script)));
  }
  for (const file of files) hash.update(file).update(read(file));
  return hash.digest('hex');
}

async function compile(entry, shrink, features) {
  const written = {};
  const {error, stderr} = await asc.main(
    [
      entry,
      '--enable',
      features,
      '--outFile',
      'kernels.wasm',
      '--baseDir',
      sources,
      '--shrinkLevel',
      shrink,
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

async function make({entry, binaries, signatures, shrink, names}, print) {
  const [{binary: simd, declarations}, {binary: relaxed}] = [
    await compile(entry, shrink, SIMD),
    await compile(entry, shrink, RELAXED),
  ];
  const patch = patchOf(simd, relaxed);
  const order = orderOf([simd, patch]);
  console.log(`${names.kernels}: ${simd.length} bytes, and ${patch.length} for relaxed SIMD`);
  write(signatures, print, 'what they take and return', signaturesFrom(declarations, files.map(read), names));
  write(binaries, print, 'compiled, as texts for unpack.ts', [
    '/** All bytes, the most frequent first. */',
    `export const order =\n  '${order.toString('base64')}';`,
    '/** With SIMD. */',
    `export const simd =\n  '${textOf(simd, order)}';`,
    '/** What makes of it the build with relaxed SIMD besides. */',
    `export const relaxed =\n  '${textOf(patch, order)}';`,
  ]);
}

const print = fingerprint();
const made = modules.flatMap(({binaries, signatures}) => [binaries, signatures]);
if (!made.every((target) => isCurrent(target, print)))
  for (const module of modules) await make(module, print);
