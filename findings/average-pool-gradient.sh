#!/usr/bin/env bash
# An average pool with padding 'same' divides by the values that are inside, and its gradient by the whole
# window, on cpu and on wasm.
# Why it matters: at the border of an odd plane the gradient is too small, by up to four times for 2×2
# windows, and training by it is not training of that loss.
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
  const loss = (x) => tf.sum(tf.avgPool(x, 2, 2, 'same'));
  // The last value of a 3×3 plane is alone in its window: it is the window's average, and its derivative is 1.
  const x = (corner) => tf.tensor4d([0, 0, 0, 0, 0, 0, 0, 0, corner], [1, 3, 3, 1]);
  for (const backend of ['cpu', 'wasm']) {
    console.log('what a step of 1 in the corner does, and the gradient');
    assert.deepEqual(await on(backend, () => tf.sub(loss(x(1)), loss(x(0)))), [1]);
    assert.equal((await on(backend, () => tf.grad(loss)(x(0)))).at(-1), 0.25);
  }
})();
EOF
node show.cjs || exit 1
