#!/usr/bin/env bash
# On the wasm backend tf.minimum and tf.maximum give NaN only where their first argument is NaN; so the
# layers' activation 'relu6', which is a minimum of 6 and relu(x), makes 6 of NaN, where the op tf.relu6 makes
# 0.
# Why it matters: maximum(a, b) is not maximum(b, a), and one activation has two results for NaN, by whether
# the model is a layers model or a graph. On cpu all of them are NaN.
# Versions: @tensorflow/tfjs-core, tfjs-backend-cpu, tfjs-backend-wasm, tfjs-layers 4.22.0; Node 20.
# Seen on x86-64: XNNPACK has other kernels for other processors.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact \
  @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0 @tensorflow/tfjs-layers@4.22.0

cat >show.cjs <<'EOF'
const assert = require('node:assert/strict');
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-backend-wasm');
const layers = require('@tensorflow/tfjs-layers');

console.log(`tfjs ${tf.version_core}`);
async function on(backend, run) {
  await tf.setBackend(backend);
  const values = [...run().dataSync()];
  console.log(`${backend}: ${values.join(' ')}`);
  return values;
}

(async () => {
  const nan = () => tf.tensor1d([NaN]);
  const one = () => tf.tensor1d([1]);
  for (const [what, run, wasm] of [
    ['maximum(NaN, 1)', () => tf.maximum(nan(), one()), NaN],
    ['maximum(1, NaN)', () => tf.maximum(one(), nan()), 1],
    ['minimum(NaN, 1)', () => tf.minimum(nan(), one()), NaN],
    ['minimum(1, NaN)', () => tf.minimum(one(), nan()), 1],
    ["layers' relu6(NaN)", () => layers.layers.activation({activation: 'relu6'}).apply(nan()), 6],
    ["op's relu6(NaN)", () => tf.relu6(nan()), 0],
  ]) {
    console.log(what);
    assert.deepEqual(await on('cpu', run), [NaN]);
    assert.deepEqual(await on('wasm', run), [wasm]);
  }
})();
EOF
node show.cjs || exit 1
