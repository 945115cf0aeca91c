#!/usr/bin/env bash
# tf.maxPool on the cpu backend passes over NaN, and makes −Infinity of a window of nothing else; tf.max of
# the same values is NaN.
# Why it matters: a global max pool and tf.max over the plane are not the same reduction, and NaN in a frame
# goes unseen through a max pool.
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
  const some = () => tf.tensor4d([NaN, 1, 2, 3], [1, 2, 2, 1]);
  const all = () => tf.fill([1, 2, 2, 1], NaN);
  assert.deepEqual(await on('cpu', () => tf.maxPool(some(), 2, 1, 'valid')), [3]);
  assert.deepEqual(await on('cpu', () => tf.max(some(), [1, 2])), [NaN]);
  assert.deepEqual(await on('cpu', () => tf.maxPool(all(), 2, 1, 'valid')), [-Infinity]);
})();
EOF
node show.cjs || exit 1
