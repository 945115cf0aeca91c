#!/usr/bin/env bash
# A GraphModel's FusedBatchNormV3 in training mode, which normalizes by the batch's own moments, uses the empty statistics instead.
# Why it matters: exporters write a layer normalization as this node; the result is NaN on cpu and not finite on wasm.
# Versions: @tensorflow/tfjs and backend-wasm 4.22.0; Node 20.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact \
  @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0

cat >show.cjs <<'EOF'
const assert = require('node:assert/strict');
const tf = require('@tensorflow/tfjs');
require('@tensorflow/tfjs-backend-wasm');

console.log(`tfjs ${tf.version_core}`);
const CHANNELS = 2;
const weights = {scale: [1, 1], offset: [0, 0], mean: [], variance: []};
const constant = (name) => ({name, op: 'Const', attr: {dtype: {type: 'DT_FLOAT'}}});
const sides = [1, 2, 2, CHANNELS].map((size) => ({size: String(size)}));
const artifacts = {
  modelTopology: {
    node: [
      {name: 'x', op: 'Placeholder', attr: {dtype: {type: 'DT_FLOAT'}, shape: {shape: {dim: sides}}}},
      ...Object.keys(weights).map(constant),
      {
        name: 'y',
        op: 'FusedBatchNormV3',
        input: ['x', 'scale', 'offset', 'mean', 'variance'],
        attr: {T: {type: 'DT_FLOAT'}, epsilon: {f: 0.001}, is_training: {b: true}},
      },
    ],
    library: {},
    versions: {producer: 1},
  },
  weightSpecs: Object.entries(weights).map(([name, {length}]) => ({name, dtype: 'float32', shape: [length]})),
  weightData: new Float32Array(Object.values(weights).flat()).buffer,
};

async function on(backend) {
  await tf.setBackend(backend);
  const model = await tf.loadGraphModel({load: async () => artifacts});
  const y = model.execute(tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, CHANNELS]));
  const values = [...y.dataSync()];
  console.log(`${backend}: ${values.join(' ')}`);
  return values;
}

(async () => {
  assert.ok((await on('cpu')).every(Number.isNaN));
  assert.ok((await on('wasm')).every((value) => !(Math.abs(value) < 2)));
})();
EOF
node show.cjs || exit 1
