#!/usr/bin/env bash
# tf.fused.matMul with transposeB and a bias on the wasm backend adds the bias's last value to every row but
# the first, and adds the bias once more for each further 48 values of a row.
# Why it matters: a dense layer of a converted graph whose matrix is stored transposed (_FusedMatMul with
# transpose_b) gives wrong logits for a batch of two or of more than 48 features; without transposeB it is
# right.
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
  const product = (rows, length, bias) => () =>
    tf.fused.matMul({
      a: tf.zeros([rows, length]),
      b: tf.zeros([bias.length, length]),
      transposeB: true,
      bias: tf.tensor1d(bias),
    });
  console.log('two rows of 2');
  assert.deepEqual(await on('cpu', product(2, 2, [1, 2])), [1, 2, 1, 2]);
  assert.deepEqual(await on('wasm', product(2, 2, [1, 2])), [1, 2, 2, 2]);
  console.log('one row of 64');
  assert.deepEqual(await on('cpu', product(1, 64, [1, 2])), [1, 2]);
  assert.deepEqual(await on('wasm', product(1, 64, [1, 2])), [2, 4]);
})();
EOF
node show.cjs || exit 1
