#!/usr/bin/env bash
# tf.image.resizeNearestNeighbor picks another row on wasm than on cpu at some sizes: wasm multiplies by a
# scale of float32, cpu of float64, and both take the floor.
# Why it matters: 3 rows made 123 (a factor of 41, exactly) differ in row 41. A comparison of backends by a
# tolerance fails by whole pixel values there.
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
  const enlarged = () =>
    tf.slice(
      tf.image.resizeNearestNeighbor(tf.tensor([0, 1, 2], [1, 3, 1, 1]), [123, 1]),
      [0, 40, 0, 0],
      [1, 3, 1, 1],
    );
  assert.deepEqual(await on('cpu', enlarged), [0, 1, 1]); // rows 40, 41 and 42
  assert.deepEqual(await on('wasm', enlarged), [0, 0, 1]);
})();
EOF
node show.cjs || exit 1
