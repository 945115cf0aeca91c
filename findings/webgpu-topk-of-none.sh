#!/usr/bin/env bash
# tf.topk with k = 0 sets the last side of its input's shape to 0 on the webgpu backend, where the input is on the
# device: the tensor itself says that it is empty from then on.
# Why it matters: what reads the same tensor after it, in a model or a caller's own code, computes nothing.
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
function shapeAfter(where) {
  const x = tf.relu(tf.tensor([[1, 2, 3]]));
  tf.topk(x, 0);
  console.log(`${where}: the input has shape [${x.shape.join(', ')}] now`);
  return x.shape;
}

(async () => {
  await tf.setBackend('cpu');
  assert.deepEqual(shapeAfter('cpu'), [1, 3]);
  await useWebGpu();
  assert.deepEqual(shapeAfter('webgpu'), [1, 0]);
  process.exit();
})();
EOF
node show.cjs || exit 1
