#!/usr/bin/env bash
# A GraphModel whose output node is named as a method that every JavaScript object has, such as toString or
# valueOf, loads, and gives undefined.
# Why it matters: these are valid names of nodes in TensorFlow. Tables of nodes are plain objects, in which
# such a name is there before it is put in.
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
  const predicted = async (name) => {
    const model = await load(placeholder('x', 1, 1), node(name, 'Neg', ['x']));
    const result = model.predict(tf.tensor2d([[3]]));
    console.log(`${name}: ${result && result.dataSync().join(' ')}`);
    return result;
  };
  assert.equal((await predicted('y')).dataSync()[0], -3);
  for (const name of ['toString', 'valueOf', 'constructor']) assert.equal(await predicted(name), undefined);
})();
EOF
node show.cjs || exit 1
