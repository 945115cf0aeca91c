#!/usr/bin/env bash
# A GraphModel counts a control dependency of AddN ('^node', which only says what runs first) as one more
# tensor, and adds it.
# Why it matters: the sum is wrong without an error, in a graph that TensorFlow itself takes.
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
  const model = await load(
    placeholder('x', 1, 2),
    node('negative', 'Neg', ['x']),
    node('square', 'Square', ['x']),
    node('y', 'AddN', ['x', 'negative', '^square'], {N: {i: '2'}}),
  );
  const values = [...model.predict(tf.tensor2d([[3, 5]])).dataSync()];
  console.log(`x + (-x), after x²: ${values.join(' ')}`);
  assert.deepEqual(values, [9, 25]); // x + (−x) is 0
})();
EOF
node show.cjs || exit 1
