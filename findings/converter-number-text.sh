#!/usr/bin/env bash
# Attributes of a graph that are numbers as text are read as whole decimals, up to the first other sign: a
# float of '0.5' is 0, one of '1e-3' is 1, and an integer of '1e1' is 1.
# Why it matters: protobuf's JSON allows numbers as text and with exponents, so that other writers of
# model.json than tfjs's own get slopes, epsilons and strides that are silently wrong.
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
  const sloped = async (alpha) => {
    const model = await load(placeholder('x', 1, 1), node('y', 'LeakyRelu', ['x'], {alpha: {f: alpha}}));
    const [value] = model.predict(tf.tensor2d([[-8]])).dataSync();
    console.log(`alpha ${JSON.stringify(alpha)}: -8 becomes ${value}`);
    return value;
  };
  assert.equal(await sloped(0.5), -4);
  assert.equal(Math.abs(await sloped('0.5')), 0);
  assert.equal(await sloped('1e-3'), -8);

  const pooled = async (stride) => {
    const attributes = {ksize: list(1, 1, 1, 1), strides: list(1, stride, 1, 1), padding: encoded('VALID')};
    const model = await load(placeholder('x', 1, 20, 1, 1), node('y', 'MaxPool', ['x'], attributes));
    const {shape} = model.predict(tf.zeros([1, 20, 1, 1]));
    console.log(`stride '${stride}': 20 rows become ${shape[1]}`);
    return shape[1];
  };
  assert.equal(await pooled('10'), 2);
  assert.equal(await pooled('1e1'), 20);
})();
EOF
node show.cjs || exit 1
