#!/usr/bin/env bash
# Layers take options and leave them unread: `dilationRate` of depthwiseConv2d and conv2dTranspose, and of
# Keras models that are loaded `negative_slope` and `threshold` of ReLU and `keepdims` of global pools.
# Why it matters: the model loads and predicts, with another receptive field, another activation or another
# rank than in Keras.
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
  const shapeOf = (layer) => {
    const {shape} = layer.apply(tf.ones([1, 5, 5, 1]));
    console.log(`${layer.name}: ${shape.join(' ')}`);
    return shape;
  };
  const dilated = {kernelSize: 2, dilationRate: 2};
  assert.deepEqual(
    tf.depthwiseConv2d(tf.ones([1, 5, 5, 1]), tf.ones([2, 2, 1, 1]), 1, 'valid', 'NHWC', 2).shape,
    [1, 3, 3, 1],
  );
  assert.deepEqual(shapeOf(layers.layers.depthwiseConv2d(dilated)), [1, 4, 4, 1]); // dilated, it would be 3×3
  assert.deepEqual(shapeOf(layers.layers.conv2dTranspose({...dilated, filters: 1})), [1, 6, 6, 1]); // and here 7×7

  const fromKeras = (class_name, config) =>
    layers.loadLayersModel(
      tf.io.fromMemory({
        modelTopology: {class_name: 'Sequential', config: {name: 'model', layers: [{class_name, config}]}},
        weightSpecs: [],
        weightData: new ArrayBuffer(0),
      }),
    );
  const relu = await fromKeras('ReLU', {
    name: 'relu',
    batch_input_shape: [null, 2],
    max_value: null,
    negative_slope: 0.5,
    threshold: 1,
  });
  const values = [...relu.predict(tf.tensor2d([[-2, 0.5]])).dataSync()];
  console.log(`relu: ${values.join(' ')}`);
  assert.deepEqual(values, [0, 0.5]); // in Keras 0.5 · (x − 1): −1.5 and −0.25
  const pool = await fromKeras('GlobalAveragePooling2D', {
    name: 'pool',
    batch_input_shape: [null, 2, 2, 3],
    data_format: 'channels_last',
    keepdims: true,
  });
  const {shape} = pool.predict(tf.ones([1, 2, 2, 3]));
  console.log(`pool: ${shape.join(' ')}`);
  assert.deepEqual(shape, [1, 3]); // in Keras [1, 1, 1, 3]
})();
EOF
node show.cjs || exit 1
