#!/usr/bin/env bash
# However many threads setThreadsCount(n) asks for, the wasm backend takes no more than half of the logical cores, and no more
# than 8: with 2 cores it has one thread, without a word. Only getThreadsCount() tells.
# Why it matters: the documentation speaks of the number of logical cores. On machines with two, isolating a page for threads brings
# nothing, and a comparison "with 2 threads" is one with 1.
# Versions: @tensorflow/tfjs-backend-wasm 4.22.0; Node 20. Its binary with threads, which only browsers load, is loaded here by hand.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact \
  @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0

cat >count.cjs <<'EOF'
const {writeFileSync} = require('node:fs');
const os = require('node:os');
const {join, resolve} = require('node:path');

const [cores, threads] = process.argv.slice(2).map(Number);
// In a page, navigator.hardwareConcurrency.
os.cpus = () => new Array(cores).fill({});

const folder = resolve('node_modules/@tensorflow/tfjs-backend-wasm');
const script = join(folder, 'wasm-out/tfjs-backend-wasm-threaded-simd.js');
const {wasmWorkerContents} = require(join(folder, 'wasm-out/tfjs-backend-wasm-threaded-simd.worker.js'));
writeFileSync('worker.js', wasmWorkerContents.replace(/\n/g, '\\n'));

const locateFile = (name) => (name.endsWith('.wasm') ? join(folder, 'dist', name) : resolve('worker.js'));
require(script)({locateFile, mainScriptUrlOrBlob: script}).then((module) => {
  // As setThreadsCount() and getThreadsCount() do.
  module.cwrap('init_with_threads_count', null, ['number'])(threads);
  console.log(module.cwrap('get_threads_count', 'number', [])());
  process.exit();
});
EOF
cat >show.cjs <<'EOF'
const assert = require('node:assert/strict');
const {execFileSync} = require('node:child_process');

function count(cores, threads) {
  const taken = Number(execFileSync(process.execPath, ['count.cjs', cores, threads], {encoding: 'utf8'}));
  console.log(`${cores} cores, ${threads} threads asked for: ${taken}`);
  return taken;
}
assert.equal(count(2, 2), 1);
assert.equal(count(4, 2), 2);
assert.equal(count(4, 4), 2);
assert.equal(count(64, 64), 8);
EOF
node show.cjs || exit 1
