#!/usr/bin/env bash
# tfjs's webgpu backend computes some ops on the CPU, where all that they read has fewer than 1000 values and no op
# has yet brought it to the device. There tf.prod forgets `keepDims`, and tf.floorDiv by zero gives another
# number. So one tensor gives two results, before and after another op has read it.
# Why it matters: what a model gives for a small frame hangs on what else was done with that tensor. In a test on
# small tensors other kernels run than on frames.
# Seen on SwiftShader: the number that tf.floorDiv by zero gives on the device.
# Versions: @tensorflow/tfjs-core, tfjs-backend-cpu, tfjs-backend-webgpu 4.22.0; webgpu 0.6.2; Node 20.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact \
  @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-webgpu@4.22.0 webgpu@0.6.2

cat >show.cjs <<'EOF'
const assert = require('node:assert/strict');
const {existsSync} = require('node:fs');
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');

// The one that Debian's chromium brings computes on the processor.
const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (!process.env.VK_ICD_FILENAMES && existsSync(driver)) process.env.VK_ICD_FILENAMES = driver;

async function useWebGpu() {
  const {create, globals} = await import('webgpu');
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, 'navigator', {value: {gpu: create([])}, configurable: true});
  require('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Error('There is no WebGPU adapter.');
  await tf.ready();
}

console.log(`tfjs ${tf.version_core}`);
const frame = () => tf.tensor([1, -2, 3, 4], [1, 2, 2, 1]);
const product = (x) => tf.prod(x, [1, 2, 3], true);
const quotient = (x) => tf.floorDiv(x, tf.scalar(0));

async function shown(where, run, x) {
  const y = run(x);
  console.log(`${where}: shape [${y.shape.join(', ')}], values ${[...(await y.data())].join(' ')}`);
  return [y.shape, [...(await y.data())]];
}

(async () => {
  await tf.setBackend('cpu');
  assert.deepEqual(await shown('cpu', product, frame()), [[1, 1, 1, 1], [-24]]);
  assert.deepEqual(await shown('cpu', quotient, frame()), [[1, 2, 2, 1], [0, 0, 0, 0]]);

  await useWebGpu();
  const x = frame();
  assert.deepEqual(await shown('webgpu', product, x), [[1], [-24]]);
  assert.deepEqual(await shown('webgpu', quotient, x), [[1, 2, 2, 1], [0, 0, 0, 0]]);
  tf.relu(x);
  assert.deepEqual(await shown('webgpu, after a relu has read it', product, x), [[1, 1, 1, 1], [-24]]);
  const [, values] = await shown('webgpu, after a relu has read it', quotient, x);
  assert.notDeepEqual(values, [0, 0, 0, 0]);
  process.exit();
})();
EOF
node show.cjs || exit 1
