#!/usr/bin/env bash
# The gradient of tf.abs at 0 is −1, where TensorFlow has 0.
# Why it matters: an L1 penalty moves weights that are exactly 0 away from it, all in the same direction.
# Versions: @tensorflow/tfjs 4.22.0; Node 20.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact \
  @tensorflow/tfjs@4.22.0

cat >show.cjs <<'EOF'
const assert = require('node:assert/strict');
const tf = require('@tensorflow/tfjs');

console.log(`tfjs ${tf.version_core}`);
async function on(backend, run) {
  await tf.setBackend(backend);
  const values = [...run().dataSync()];
  console.log(`${backend}: ${values.join(' ')}`);
  return values;
}

(async () => {
  assert.deepEqual(
    await on('cpu', () => tf.grad((x) => tf.sum(tf.abs(x)))(tf.tensor1d([-2, 0, 2]))),
    [-1, -1, 1],
  );
})();
EOF
node show.cjs || exit 1
