#!/usr/bin/env bash
# tf.topk of values with one NaN: the largest alone is 3, the largest two are NaN and 3, and the largest four
# come unsorted.
# Why it matters: what the first of k results is depends on k, so that a top-1 and a top-5 score disagree.
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
  const largest = (k) => () => tf.topk(tf.tensor1d([1, NaN, 3, 2]), k).values;
  assert.deepEqual(await on('cpu', largest(1)), [3]);
  assert.deepEqual(await on('cpu', largest(2)), [NaN, 3]);
  assert.deepEqual(await on('cpu', largest(4)), [1, NaN, 3, 2]);
})();
EOF
node show.cjs || exit 1
