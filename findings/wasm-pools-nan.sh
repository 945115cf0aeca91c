#!/usr/bin/env bash
# On the wasm backend an average pool makes −Infinity of a window with a NaN, and a max pool makes −Infinity
# of a 2×2 window whose first value is NaN, though the others are finite.
# Why it matters: a NaN goes on as an infinity, which looks like an overflow, and a check for NaN finds
# nothing. On cpu the average is NaN, and the maximum is that of the other values.
# Versions: @tensorflow/tfjs-core, tfjs-backend-cpu, tfjs-backend-wasm 4.22.0; Node 20.
# Seen on x86-64: XNNPACK has other kernels for other processors.
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
  const first = () => tf.tensor4d([NaN, 1, 2, 3], [1, 2, 2, 1]);
  const last = () => tf.tensor4d([1, 2, 3, NaN], [1, 2, 2, 1]);
  for (const [what, run, cpu, wasm] of [
    ['average, NaN first', () => tf.avgPool(first(), 2, 1, 'valid'), NaN, -Infinity],
    ['average, NaN last', () => tf.avgPool(last(), 2, 1, 'valid'), NaN, -Infinity],
    ['maximum, NaN first', () => tf.maxPool(first(), 2, 1, 'valid'), 3, -Infinity],
    ['maximum, NaN last', () => tf.maxPool(last(), 2, 1, 'valid'), 3, 3],
  ]) {
    console.log(what);
    assert.deepEqual(await on('cpu', run), [cpu]);
    assert.deepEqual(await on('wasm', run), [wasm]);
  }
})();
EOF
node show.cjs || exit 1
