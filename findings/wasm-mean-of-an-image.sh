#!/usr/bin/env bash
# tf.mean and tf.sum on the wasm backend add one value after another in float32, so that the mean of a 1080p
# image of 1.1 comes out as 1.035, and the sum of twenty million ones as 16777216.
# Why it matters: standardizing an image by its own mean is off by several per cent on wasm, not by rounding;
# cpu adds in float64. A mean over rows, then over the rest, is right.
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
  const image = () => tf.fill([1080, 1920, 3], 1.1);
  const near = ([value], expected) =>
    assert(Math.abs(value - expected) < 1e-3, `${value}, expected ${expected}`);
  near(await on('cpu', () => tf.mean(image())), 1.1);
  near(await on('wasm', () => tf.mean(image())), 1.0354);
  near(await on('wasm', () => tf.mean(tf.mean(image(), [1, 2]))), 1.1);
  assert.deepEqual(await on('wasm', () => tf.sum(tf.ones([20e6]))), [16777216]);
})();
EOF
node show.cjs || exit 1
