#!/usr/bin/env bash
# tf.log1p on the wasm backend is log(1 + x) in float32: 0 for 1e-8, and off by a fifth at 1e-7.
# Why it matters: losses and log-probabilities that use log1p for its exactness near 0 lose just that on wasm.
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
  const small = () => tf.log1p(tf.tensor1d([1e-8, 1e-7]));
  const within = (values, expected) =>
    values.forEach((value, i) => assert(Math.abs(value - expected[i]) <= 1e-5 * expected[i], String(value)));
  within(await on('cpu', small), [1e-8, 1e-7]);
  within(await on('wasm', small), [0, 1.1920928e-7]);
})();
EOF
node show.cjs || exit 1
