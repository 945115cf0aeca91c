#!/usr/bin/env bash
# tf.stridedSlice with an axis that is picked (shrinkAxisMask) beside one with a stride takes the picked
# axis's begin and stride for the other: x[1, 0:4:2] of a 3×4 matrix gives x[0, 1:3].
# Why it matters: x[i, ::2] is common in TensorFlow code, and the converted model takes other values, of the
# right shape, without an error.
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
  const x = () => tf.reshape(tf.range(0, 12), [3, 4]);
  // Row 1 is 4 5 6 7; every other of it is 4 6.
  assert.deepEqual(
    await on('cpu', () => tf.stridedSlice(x(), [1, 0], [2, 4], [1, 2], 0, 0, 0, 0, 1)),
    [1, 2],
  );
})();
EOF
node show.cjs || exit 1
