#!/usr/bin/env bash
# LayerNormalization and tf.batchNorm without a scale, or without an offset, compute, but their gradient throws an internal error.
# Why it matters: such a model predicts well and cannot be trained; the error names none of this.
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
const x = tf.tensor2d([[1, 2, 3, 5]]);

function errorOf(name, apply) {
  assert.ok([...apply(x).dataSync()].every(Number.isFinite));
  let message = 'none';
  try {
    tf.grad((input) => tf.sum(tf.square(apply(input))))(x).dataSync();
  } catch (error) {
    message = error.message;
  }
  console.log(`${name}: error of the gradient: ${message}`);
  return message;
}

const layer = (center, scale) => {
  const norm = tf.layers.layerNormalization({center, scale});
  return (input) => norm.apply(input);
};
const batch = (offset, scale) => (input) => tf.batchNorm(input, tf.zeros([4]), tf.ones([4]), offset, scale);

(async () => {
  await tf.setBackend('cpu');
  assert.equal(errorOf('layer, both', layer(true, true)), 'none');
  assert.match(errorOf('layer, no scale', layer(true, false)), /reading 'dataId'/);
  assert.match(errorOf('layer, no offset', layer(false, true)), /reading 'id'/);
  assert.equal(errorOf('tf.batchNorm, both', batch(tf.zeros([4]), tf.ones([4]))), 'none');
  assert.match(errorOf('tf.batchNorm, no offset', batch(undefined, tf.ones([4]))), /reading 'id'/);
})();
EOF
node show.cjs || exit 1
