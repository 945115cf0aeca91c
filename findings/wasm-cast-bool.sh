#!/usr/bin/env bash
# tf.cast(x, 'bool') on the wasm backend takes the low byte of the whole part: 256 becomes false, and −2 a
# "bool" of 254, which tf.sum adds up as 254 and of which tf.logicalNot makes another that is not 0.
# Why it matters: counting what is not zero by sum(cast(x, 'bool')) is wrong, and so are masks: multiples of
# 256 and fractions between −1 and 1 are false, and a mask and its opposite can both be true.
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
  const mask = () => tf.cast(tf.tensor1d([-2, 3, 256, 0.5]), 'bool');
  assert.deepEqual(await on('cpu', mask), [1, 1, 1, 1]);
  assert.deepEqual(await on('wasm', mask), [254, 3, 0, 0]);
  console.log('how many are not zero');
  assert.deepEqual(await on('cpu', () => tf.sum(mask())), [4]);
  assert.deepEqual(await on('wasm', () => tf.sum(mask())), [257]);
  console.log('not');
  assert.deepEqual(await on('cpu', () => tf.logicalNot(mask())), [0, 0, 0, 0]);
  assert.deepEqual(await on('wasm', () => tf.logicalNot(mask())), [255, 2, 1, 1]);
})();
EOF
node show.cjs || exit 1
