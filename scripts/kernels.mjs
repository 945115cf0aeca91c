/**
 * Compiles the WebAssembly kernels (src/engines/wasm/assembly) into src/engines/wasm/binaries.ts, two builds as base64:
 * with relaxed SIMD and with SIMD. Does nothing where that file was made from the same sources by the same compiler.
 */
import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import asc from 'assemblyscript/asc';

const folder = join(import.meta.dirname, '../src/engines/wasm');
const sources = join(folder, 'assembly');
const target = join(folder, 'binaries.ts');

const builds = {
  relaxed: ['index.ts', '--enable', 'simd,relaxed-simd'],
  simd: ['index.ts', '--enable', 'simd'],
};

/** Static data (tables of the mathematical functions) must end below the heap, which begins at HEAP_START. */
const common = ['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub'];
const memory = ['--importMemory', '--initialMemory', '2', '--maximumMemory', '65536', '--use', 'abort='];

function fingerprint() {
  const hash = createHash('sha256');
  hash.update(createRequire(import.meta.url)('assemblyscript/package.json').version);
  hash.update(readFileSync(import.meta.filename));
  const files = readdirSync(sources, {recursive: true}).filter((file) => file.endsWith('.ts'));
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(sources, file)));
  return hash.digest('hex');
}

async function compile(entryAndFlags) {
  const binary = {};
  const {error, stderr} = await asc.main(
    [...entryAndFlags, '--outFile', 'kernels.wasm', '--baseDir', sources, ...common, ...memory],
    {
      writeFile: (name, contents) => void (binary[name] = contents),
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return Buffer.from(binary['kernels.wasm']);
}

function current() {
  try {
    return /^\/\/ (\w{64})$/m.exec(readFileSync(target, 'utf8'))?.[1];
  } catch {
    return null;
  }
}

const print = fingerprint();
if (current() !== print) {
  const lines = [
    '/** Made by scripts/kernels.mjs: the kernels of the WebAssembly engine, compiled, as base64. */',
    `// ${print}`,
  ];
  for (const [name, entryAndFlags] of Object.entries(builds)) {
    const binary = await compile(entryAndFlags);
    console.log(`kernels, ${name}: ${binary.length} bytes`);
    lines.push(`export const ${name} =\n  '${binary.toString('base64')}';`);
  }
  writeFileSync(target, `${lines.join('\n')}\n`);
}
