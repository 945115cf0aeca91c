#!/usr/bin/env bash
# tf.topk over an axis of one value gives the input tensor itself as its result on the webgpu backend, where the input is on
# the device: whoever disposes one has disposed the other.
# Why it matters: a GraphModel disposes of what its nodes have read. With TopKV2 over one candidate it gives a result that
# cannot be read any more: "Maximum call stack size exceeded".
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
function isShared(where) {
  const x = tf.sigmoid(tf.tensor([[0]]));
  const {values} = tf.topk(x, 1);
  x.dispose();
  console.log(`${where}: the result ${values === x ? 'is the input' : 'is another tensor'}, disposed: ${values.isDisposed}`);
  return values.isDisposed;
}

(async () => {
  await tf.setBackend('cpu');
  assert.equal(isShared('cpu'), false);
  await useWebGpu();
  assert.equal(isShared('webgpu'), true);
  process.exit();
})();
EOF
node show.cjs || exit 1
