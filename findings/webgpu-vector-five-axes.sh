#!/usr/bin/env bash
# tfjs's webgpu backend cannot spread a vector of 2 to 127 values over the last of five axes: the shader indexes a struct
# as if it were a vector, and the device refuses it. Nothing is thrown: the result is what lay in its memory.
# Why it matters: Conv3D followed by BiasAdd, and any arithmetic on clips of frames with a value for each channel,
# gives numbers of somebody else's.
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
// After a relu the frame is on the device: of small tensors that are not there yet the CPU computes the sum.
const sum = (frame, shape, of) => tf.add(tf.relu(tf.tensor(frame, shape)), tf.tensor([10, 20], of));

async function shown(where, y) {
  const values = [...(await y.data())];
  console.log(`${where}: ${values.join(' ')}`);
  return values;
}

(async () => {
  await tf.setBackend('cpu');
  assert.deepEqual(await shown('cpu, five axes', sum([5, 6, 7, 8], [1, 1, 1, 2, 2], [2])), [15, 26, 17, 28]);

  await useWebGpu();
  const refusals = [];
  tf.backend().device.addEventListener('uncapturederror', ({error}) => refusals.push(error.message));
  assert.deepEqual(await shown('webgpu, four axes', sum([1, 2, 3, 4], [1, 1, 2, 2], [2])), [11, 22, 13, 24]);
  const both = sum([1, 2, 3, 4], [1, 1, 1, 2, 2], [1, 1, 1, 1, 2]);
  assert.deepEqual(await shown('webgpu, five axes on both sides', both), [11, 22, 13, 24]);
  assert.deepEqual(refusals, []);
  const vector = sum([5, 6, 7, 8], [1, 1, 1, 2, 2], [2]);
  assert.notDeepEqual(await shown('webgpu, five axes and a vector', vector), [15, 26, 17, 28]);
  assert.match(refusals[0], /cannot index type 'vec5'/);
  process.exit();
})();
EOF
node show.cjs || exit 1
