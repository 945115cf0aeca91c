#!/usr/bin/env bash
# A LayersModel that lists one output twice is made, with only a warning, and each predict then throws in
# concat about null.
# Why it matters: Keras takes such models (one tensor for two losses), and the error names neither the model
# nor the output.
# Versions: @tensorflow/tfjs-core, tfjs-backend-cpu, tfjs-layers 4.22.0; Node 20.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact \
  @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-layers@4.22.0

cat >show.cjs <<'EOF'
const assert = require('node:assert/strict');
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
const layers = require('@tensorflow/tfjs-layers');

console.log(`tfjs-layers ${layers.version_layers}`);

(async () => {
  await tf.setBackend('cpu');
  const input = layers.input({shape: [2]});
  const output = layers.layers.dense({units: 1}).apply(input);
  const model = layers.model({inputs: input, outputs: [output, output]});
  assert.equal(model.outputs.length, 2);
  let message = 'none';
  try {
    model.predict(tf.ones([1, 2]));
  } catch (error) {
    message = error.message;
  }
  console.log(message);
  assert.match(message, /'concat' must be a Tensor or TensorLike, but got 'null'/);
})();
EOF
node show.cjs || exit 1
