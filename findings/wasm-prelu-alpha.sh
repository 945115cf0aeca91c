#!/usr/bin/env bash
# tf.prelu on the wasm backend knows no broadcasting of alpha over inner axes: it takes alpha's values round
# and round over the flat input.
# Why it matters: a PReLU with slopes by row (`sharedAxes: [2]` or an alpha of [height, 1, channels]) gives
# other numbers on wasm than on cpu, without an error.
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
  // Two rows of three pixels; slope 1 in the first row, 2 in the second.
  const slopesByRow = () => tf.prelu(tf.fill([1, 2, 3, 1], -1), tf.tensor([1, 2], [2, 1, 1]));
  assert.deepEqual(await on('cpu', slopesByRow), [-1, -1, -1, -2, -2, -2]);
  assert.deepEqual(await on('wasm', slopesByRow), [-1, -2, -1, -2, -1, -2]);
})();
EOF
node show.cjs || exit 1
