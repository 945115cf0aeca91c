#!/usr/bin/env bash
# tf.tensor1d([0.4], 'bool') is false, since the constructor rounds first; tf.cast(tf.tensor1d([0.4]), 'bool')
# is true.
# Why it matters: a mask made of numbers holds other pixels by the way it was made.
# Versions: @tensorflow/tfjs-core, tfjs-backend-cpu 4.22.0; Node 20.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact \
  @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0

cat >show.cjs <<'EOF'
const assert = require('node:assert/strict');
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');

console.log(`tfjs ${tf.version_core}`);
async function on(backend, run) {
  await tf.setBackend(backend);
  const values = [...run().dataSync()];
  console.log(`${backend}: ${values.join(' ')}`);
  return values;
}

(async () => {
  assert.deepEqual(await on('cpu', () => tf.tensor1d([0.4, 0.6, -0.3], 'bool')), [0, 1, 0]);
  assert.deepEqual(await on('cpu', () => tf.cast(tf.tensor1d([0.4, 0.6, -0.3]), 'bool')), [1, 1, 1]);
})();
EOF
node show.cjs || exit 1
