#!/usr/bin/env bash
# In a cross-origin isolated page, threads of the wasm backend get the text of a function, which reads a variable from around it:
# `typeof _scriptDir !== "undefined" && _scriptDir`. terser and oxc, the minifiers of webpack 5 and Vite 8, see the variable's
# declaration and leave out the guard. The threads end with "n is not defined" (or e), and setBackend('wasm') never ends.
# Why it matters: a default production build works until its page is isolated, for threads; then it hangs without an error that
# could be caught. With esbuild's minifier, with terser's `compress: {typeofs: false}`, or with the flag
# WASM_HAS_MULTITHREAD_SUPPORT set to false (then with one thread), it runs.
# Versions: @tensorflow/tfjs-backend-wasm 4.22.0; terser 5.51.4, rolldown 1.3.3 (oxc), esbuild 0.28.2; Node 20.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact \
  @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0 terser@5.51.4 rolldown@1.3.3 esbuild@0.28.2

cat >show.mjs <<'EOF'
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import vm from 'node:vm';
import esbuild from 'esbuild';
import {rolldown} from 'rolldown';
import {minify as terser} from 'terser';

const file = 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';
// Minifiers rename what is not said to be global.
const source = `${readFileSync(file, 'utf8')}\nglobalThis.factory = WasmBackendModuleThreadedSimd;`;

/** What a page makes of a build, and a thread of the text that the backend sends it: whether it starts, or the error. */
function startThread(build) {
  const page = vm.createContext({document: {currentScript: {src: 'http://localhost/app.js'}}});
  vm.runInContext(build, page);
  const text = `var WasmBackendModuleThreadedSimd = ${page.factory.toString()}`;

  const wasmMemory = new WebAssembly.Memory({initial: 256, maximum: 16384, shared: true});
  const module = {ENVIRONMENT_IS_PTHREAD: true, wasmMemory, buffer: wasmMemory.buffer, instantiateWasm: () => ({})};
  const self = {location: {href: 'blob:http://localhost/1'}};
  let starts = false;
  const startWorker = () => (starts = true);
  const thread = vm.createContext({self, module, startWorker, importScripts() {}, WebAssembly, URL, performance, console});
  try {
    vm.runInContext(`${text}\nWasmBackendModuleThreadedSimd(module);`, thread);
  } catch (error) {
    return error.message;
  }
  return starts ? 'starts' : 'does not start';
}

async function oxc(code, minify) {
  const entry = {name: 'entry', resolveId: (id) => id, load: () => code};
  const bundle = await rolldown({input: 'entry', plugins: [entry]});
  const {output} = await bundle.generate({format: 'iife', name: 'bundle', minify});
  return output[0].code;
}

const builds = {
  'as published': source,
  terser: (await terser(source)).code,
  oxc: await oxc(source, true),
  esbuild: esbuild.transformSync(source, {minify: true}).code,
  'terser without typeofs': (await terser(source, {compress: {typeofs: false}})).code,
  'oxc without compress': await oxc(source, {compress: false, mangle: true}),
};
const seen = {};
for (const [name, build] of Object.entries(builds)) {
  seen[name] = startThread(build);
  console.log(`${name}: ${seen[name]}`);
}
assert.equal(seen['as published'], 'starts');
assert.match(seen.terser, /^\w is not defined$/);
assert.match(seen.oxc, /^\w is not defined$/);
for (const name of ['esbuild', 'terser without typeofs', 'oxc without compress']) assert.equal(seen[name], 'starts');
EOF
node show.mjs || exit 1
