#!/usr/bin/env bash
# In Node 20, growing a WebAssembly.Memory by 100 MB page by page, beside many live objects, sets off one
# major garbage collection after another; in four large steps hardly one.
# Why it matters: whoever keeps tensors in a wasm heap should grow it in large steps; by what each tensor
# needs, the process stands still for seconds in the collector.
# Versions: Node 20.19.5 (the npm package node).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact node@20.19.5

cat >grow.mjs <<'EOF'
import {PerformanceObserver, constants, performance} from 'node:perf_hooks';

const step = Number(process.argv[2]);
const live = Array.from({length: 400_000}, (_, i) => ({i, list: [i]}));
let major = 0;
new PerformanceObserver((list) => {
  for (const {detail} of list.getEntries()) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) major++;
}).observe({entryTypes: ['gc']});

const memory = new WebAssembly.Memory({initial: 1, maximum: 65536});
const start = performance.now();
for (let pages = 0; pages < 1600; pages += step) memory.grow(step);
const ms = performance.now() - start;
setTimeout(() => console.log(JSON.stringify({step, ms, major, objects: live.length})), 100);
EOF
cat >show.mjs <<'EOF'
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';

console.log(`Node ${process.version}`);
const grown = (step) => {
  const line = execFileSync(process.execPath, ['grow.mjs', String(step)], {encoding: 'utf8'});
  const {ms, major} = JSON.parse(line);
  console.log(`1600 pages, ${step} at a time: ${ms.toFixed(1)} ms, ${major} major collections`);
  return {ms, major};
};
const [small, large] = [grown(1), grown(400)];
assert(small.major >= 4 * Math.max(large.major, 1), 'collections');
EOF
./node_modules/.bin/node show.mjs || exit 1
