#!/usr/bin/env bash
# The gradient of tf.image.resizeNearestNeighbor on the cpu backend mixes up the images of a batch: the second
# gets some of the first's gradient.
# Why it matters: a network with nearest upsampling trains wrongly on cpu with batches of more than one, and
# rightly with one; the result has the right shape and nothing warns.
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
  // Two images of a pixel, each made 2×2; the first's gradients are 1, the second's 10.
  const dy = () => tf.tensor4d([1, 1, 1, 1, 10, 10, 10, 10], [2, 2, 2, 1]);
  const loss = (x) => tf.sum(tf.mul(tf.image.resizeNearestNeighbor(x, [2, 2]), dy()));
  const gradient = () => tf.grad(loss)(tf.ones([2, 1, 1, 1]));
  assert.deepEqual(await on('wasm', gradient), [4, 40]);
  assert.deepEqual(await on('cpu', gradient), [4, 13]);
})();
EOF
node show.cjs || exit 1
