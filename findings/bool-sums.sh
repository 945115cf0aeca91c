#!/usr/bin/env bash
# tf.add and tf.sub of two tensors of bool give a tensor of dtype bool; on the cpu backend it holds 2 for true
# + true and 255 for false − true, on wasm 1 and 1.
# Why it matters: the votes of two masks are counted on one backend and not on the other.
# Versions: @tensorflow/tfjs-core, tfjs-backend-cpu, tfjs-backend-wasm 4.22.0; Node 20.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact \
  @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0

cat >show.cjs <<'EOF'
const assert = require('node:assert/strict');
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-backend-wasm');

console.log(`tfjs ${tf.version_core}`);
async function on(backend, run) {
  await tf.setBackend(backend);
  const values = [...run().dataSync()];
  console.log(`${backend}: ${values.join(' ')}`);
  return values;
}

(async () => {
  const bools = (...values) => tf.tensor1d(values, 'bool');
  for (const [what, run, cpu, wasm] of [
    ['true + true', () => tf.add(bools(true), bools(true)), 2, 1],
    ['false - true', () => tf.sub(bools(false), bools(true)), 255, 1],
  ]) {
    console.log(what);
    assert.deepEqual(await on('cpu', run), [cpu]);
    assert.deepEqual(await on('wasm', run), [wasm]);
    assert.equal(run().dtype, 'bool');
  }
})();
EOF
node show.cjs || exit 1
