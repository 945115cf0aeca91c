#!/usr/bin/env bash
# Where several values are the largest, the gradient of tf.max gives each the whole of it, and that of
# tf.maxPool one of them: the first on cpu, the last on wasm.
# Why it matters: behind a ReLU ties at 0 are common. The gradient of tf.max over n equal values is n times
# too large in sum (TensorFlow shares it out), and two backends train on to different weights.
# Versions: @tensorflow/tfjs, tfjs-backend-wasm 4.22.0; Node 20.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact \
  @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0

cat >show.cjs <<'EOF'
const assert = require('node:assert/strict');
const tf = require('@tensorflow/tfjs');
require('@tensorflow/tfjs-backend-wasm');

console.log(`tfjs ${tf.version_core}`);
async function on(backend, run) {
  await tf.setBackend(backend);
  const values = [...run().dataSync()];
  console.log(`${backend}: ${values.join(' ')}`);
  return values;
}

(async () => {
  const equal = () => tf.ones([1, 2, 2, 1]);
  for (const [backend, taken] of [
    ['cpu', [1, 0, 0, 0]],
    ['wasm', [0, 0, 0, 1]],
  ]) {
    assert.deepEqual(await on(backend, () => tf.grad((x) => tf.max(x))(equal())), [1, 1, 1, 1]);
    assert.deepEqual(
      await on(backend, () => tf.grad((x) => tf.sum(tf.maxPool(x, 2, 2, 'valid')))(equal())),
      taken,
    );
  }
})();
EOF
node show.cjs || exit 1
