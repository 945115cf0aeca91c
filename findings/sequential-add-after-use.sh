#!/usr/bin/env bash
# Sequential.add after a first predict has no effect on what predict gives until build() is called, though
# layers and outputs have the new layer at once.
# Why it matters: a head put on a model that was warmed up is silently left out, while summary() shows it.
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
  const model = layers.sequential();
  model.add(layers.layers.dense({units: 3, inputShape: [2]}));
  const predicted = () => model.predict(tf.ones([1, 2])).shape;
  assert.deepEqual(predicted(), [1, 3]);
  model.add(layers.layers.dense({units: 5}));
  console.log(`layers ${model.layers.length}, output ${model.outputs[0].shape}, predicted ${predicted()}`);
  assert.equal(model.layers.length, 2);
  assert.deepEqual(model.outputs[0].shape, [null, 5]);
  assert.deepEqual(predicted(), [1, 3]);
  model.build();
  console.log(`after build(): ${predicted()}`);
  assert.deepEqual(predicted(), [1, 5]);
})();
EOF
node show.cjs || exit 1
