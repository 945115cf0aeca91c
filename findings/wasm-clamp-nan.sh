#!/usr/bin/env bash
# On the wasm backend clamping makes numbers of NaN: tf.relu6(NaN) is 0 and tf.clipByValue(NaN, 2, 5) is 2.
# tf.relu keeps a NaN or makes it 0 by the sign bit of that NaN.
# Why it matters: NaN that would show a broken model or frame is gone behind the first activation, and whether
# it is depends on how the NaN came about. On cpu all of these are NaN.
# Versions: @tensorflow/tfjs-core, tfjs-backend-cpu, tfjs-backend-wasm 4.22.0; Node 20.
# Seen on x86-64: XNNPACK has other kernels for other processors.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --save-exact \
  @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0

cat >show.cjs <<'EOF'
const assert = require('node:assert/strict');
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-backend-wasm');

console.log(`tfjs ${tf.version_core}`);
async function on(backend, run) {
  await tf.setBackend(backend);
  const values = [...run().dataSync()];
  console.log(`${backend}: ${values.join(' ')}`);
  return values;
}

(async () => {
  const nans = () => tf.tensor1d(new Float32Array(new Uint32Array([0x7fc00000, 0xffc00000]).buffer)); // NaN, −NaN
  for (const [what, run, wasm] of [
    ['relu6', () => tf.relu6(nans()), [0, 0]],
    ['clipByValue', () => tf.clipByValue(nans(), 2, 5), [2, 2]],
    ['relu', () => tf.relu(nans()), [NaN, 0]],
  ]) {
    console.log(what);
    assert.deepEqual(await on('cpu', run), [NaN, NaN]);
    assert.deepEqual(await on('wasm', run), wasm);
  }
})();
EOF
node show.cjs || exit 1
