#!/usr/bin/env bash
# The gradient of tf.image.resizeBilinear on the cpu backend swaps height and width: for a plane that is not
# square it throws, that its shape is not the input's.
# Why it matters: no network with bilinear upsampling of oblong planes trains on cpu, while all tests with
# square ones pass.
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
  const enlarge = (x) => tf.image.resizeBilinear(x, [4, 6]);
  assert.equal((await on('cpu', () => tf.sum(enlarge(tf.ones([1, 2, 3, 1])))))[0], 24);
  let message = 'none';
  try {
    tf.grad((x) => tf.sum(enlarge(x)))(tf.ones([1, 2, 3, 1]));
  } catch (error) {
    message = error.message;
  }
  console.log(message);
  assert.match(message, /shape '1,3,2,1'.*does not match the shape of the input '1,2,3,1'/);
})();
EOF
node show.cjs || exit 1
