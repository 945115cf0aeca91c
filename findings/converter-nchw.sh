#!/usr/bin/env bash
# A GraphModel takes no notice of `data_format: NCHW` of MaxPool and BiasAdd, and goes on as if channels came
# last.
# Why it matters: a graph that was trained channels first loads and predicts, and pools over the width and the
# channels; shapes tell only where sides differ.
# Versions: @tensorflow/tfjs-core, tfjs-backend-cpu, tfjs-converter 4.22.0; Node 20.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact \
  @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-converter@4.22.0

cat >show.cjs <<'EOF'
const assert = require('node:assert/strict');
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
const {loadGraphModel} = require('@tensorflow/tfjs-converter');

console.log(`tfjs ${tf.version_core}`);
const encoded = (text) => ({s: Buffer.from(text).toString('base64')});
const list = (...numbers) => ({list: {i: numbers.map(String)}});
const float = {type: 'DT_FLOAT'};
const placeholder = (name, ...shape) => ({
  name,
  op: 'Placeholder',
  attr: {dtype: float, shape: {shape: {dim: shape.map((size) => ({size: String(size)}))}}},
});
const node = (name, op, input, attr = {}) => ({name, op, input, attr: {T: float, ...attr}});
const load = (...nodes) =>
  loadGraphModel(
    tf.io.fromMemory({
      modelTopology: {node: nodes, versions: {producer: 1}, library: {}},
      weightSpecs: [],
      weightData: new ArrayBuffer(0),
    }),
  );

(async () => {
  await tf.setBackend('cpu');
  const NCHW = encoded('NCHW');
  const show = (what, result) => {
    const text = `[${result.shape.join(', ')}] ${result.dataSync().join(' ')}`;
    console.log(`${what}: ${text}`);
    return text;
  };
  // Two channels of one row of two: 1 2 and 3 4. The maximum over a window of 1×2 is 2 and 4.
  const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 1, 2]);
  const window = {
    ksize: list(1, 1, 1, 2),
    strides: list(1, 1, 1, 2),
    padding: encoded('VALID'),
    data_format: NCHW,
  };
  const pool = await load(placeholder('x', 1, 2, 1, 2), node('y', 'MaxPool', ['x'], window));
  assert.equal(show('MaxPool', pool.predict(x)), '[1, 2, 1, 2] 1 2 3 4');
  // A bias of 10 for the first channel and 20 for the second.
  const bias = await load(
    placeholder('x', 1, 2, 1, 2),
    placeholder('b', 2),
    node('y', 'BiasAdd', ['x', 'b'], {data_format: NCHW}),
  );
  assert.equal(show('BiasAdd', bias.predict({x, b: tf.tensor1d([10, 20])})), '[1, 2, 1, 2] 11 22 13 24');
})();
EOF
node show.cjs || exit 1
