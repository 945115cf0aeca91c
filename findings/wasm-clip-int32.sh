#!/usr/bin/env bash
# tf.clipByValue of int32 on the wasm backend clips the bits of the integers as if they were of float32.
# Why it matters: an upper bound does nothing (300 stays 300 under a bound of 100), and a lower bound of 1
# makes 1065353216 (the bits of 1.0) of every small positive integer.
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
  const upper = () => tf.clipByValue(tf.tensor1d([5, 300], 'int32'), 0, 100);
  const lower = () => tf.clipByValue(tf.tensor1d([5, 0], 'int32'), 1, 100);
  assert.deepEqual(await on('cpu', upper), [5, 100]);
  assert.deepEqual(await on('wasm', upper), [5, 300]);
  assert.deepEqual(await on('cpu', lower), [5, 1]);
  assert.deepEqual(await on('wasm', lower), [1065353216, 1065353216]);
})();
EOF
node show.cjs || exit 1
