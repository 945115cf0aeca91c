#!/usr/bin/env bash
# On the cpu backend tf.tensor keeps the caller's typed array, and data() and dataSync() hand out the tensor's
# own, not copies; on wasm all are copies.
# Why it matters: a buffer that is filled anew for each frame changes the tensors made of it before, and
# sorting what dataSync() gave changes the tensor, and every reshape of it. Code that was tested on wasm
# breaks on cpu.
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
  const afterwards = () => {
    const values = new Float32Array([1, 2]);
    const tensor = tf.tensor1d(values);
    values[0] = 99;
    return tensor;
  };
  const readAndChanged = () => {
    const tensor = tf.add(tf.tensor1d([1, 2]), 1);
    const view = tf.reshape(tensor, [2, 1]);
    tensor.dataSync()[0] = 99;
    return view;
  };
  assert.deepEqual(await on('cpu', afterwards), [99, 2]);
  assert.deepEqual(await on('wasm', afterwards), [1, 2]);
  assert.deepEqual(await on('cpu', readAndChanged), [99, 3]);
  assert.deepEqual(await on('wasm', readAndChanged), [2, 3]);
})();
EOF
node show.cjs || exit 1
