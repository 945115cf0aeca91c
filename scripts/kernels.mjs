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

function fingerprint() {
  const hash = createHash('sha256');
  hash.update(createRequire(import.meta.url)('assemblyscript/package.json').version);
  hash.update(readFileSync(import.meta.filename));
  const files = readdirSync(sources, {recursive: true}).filter((file) => file.endsWith('.ts'));
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(sources, file)));
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

/** AssemblyScript's types of numbers, all of which are numbers here. */
const TYPES = {usize: 'an address', i32: 'a whole number', f32: 'rounded to float32', f64: 'any number'};

/** An interface from the compiler's declarations, whose comments say what type each parameter and each result really has. */
function signaturesFrom(declarations) {
  const functions = [...declarations.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*export function (\w+)/g)];
  if (functions.length === 0) throw new Error('The compiler declared no kernels.');
  return [
    ...Object.entries(TYPES).map(([type, meaning]) => `/** ${meaning} */\ntype ${type} = number;`),
    'export interface Kernels {',
    ...functions.map(([, comment, name]) => {
      const parameters = [...comment.matchAll(/@param (\w+) `(\w+)`/g)].map(
        ([, of, type]) => `${of}: ${type}`,
      );
      const result = /@returns `(\w+)`/.exec(comment)?.[1] ?? 'void';
      return `  readonly ${name}: (${parameters.join(', ')}) => ${result};`;
    }),
    '}',
  ];
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
  write(targets.signatures, print, 'what they take and return', signaturesFrom(declarations));
  write(targets.binaries, print, 'compiled, as base64', binaries);
}
