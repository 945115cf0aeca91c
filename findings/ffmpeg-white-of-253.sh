#!/usr/bin/env bash
# ffmpeg turns a film's white (Y 235, no colour) into 255 by its SIMD code, and into 253 in plain C or with the flag
# accurate_rnd; the greys between come out 0 to 2 levels darker likewise. BT.601 says 255.
# Why it matters: the same film gives other pixels on another processor, and others than a browser's. A gate of 1 or 2 grey
# levels, and whatever was calibrated on frames from ffmpeg, does not mean the same elsewhere. Who asks for yuv420p, and
# converts that, has the same everywhere.
# Seen on: x86-64.
# Versions: imageio-ffmpeg 0.6.0 (pip), with ffmpeg 7.0.2.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --no-deps --target lib --root-user-action=ignore imageio-ffmpeg==0.6.0

cat >show.mjs <<'EOF'
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';

const [, , ffmpeg] = process.argv;
console.log(spawnSync(ffmpeg, ['-version'], {encoding: 'utf8'}).stdout.split('\n')[0]);

/** The red of a frame of 64 × 4 pixels that is all one grey. */
function redOf(y, before = [], after = []) {
  const input = Buffer.concat([Buffer.alloc(64 * 4, y), Buffer.alloc(2 * 32 * 2, 128)]);
  const raw = ['-f', 'rawvideo', '-pix_fmt'];
  const argv = ['-v', 'error', ...before, ...raw, 'yuv420p', '-s', '64x4', '-i', '-', ...after, ...raw, 'rgb24', '-'];
  return spawnSync(ffmpeg, argv, {input}).stdout[0];
}

const levels = [16, 60, 126, 200, 235].map((y) => ({
  y,
  bt601: Math.round((255 * (y - 16)) / 219),
  simd: redOf(y),
  c: redOf(y, ['-cpuflags', '0']),
  accurate: redOf(y, [], ['-sws_flags', 'accurate_rnd']),
}));
console.table(levels);
const white = levels.at(-1);
assert.deepEqual(white, {y: 235, bt601: 255, simd: 255, c: 253, accurate: 253});
for (const {bt601, simd, c} of levels) {
  assert(Math.abs(simd - bt601) <= 1, 'SIMD');
  assert(c <= simd && simd - c <= 2, 'C');
}
EOF
node show.mjs lib/imageio_ffmpeg/binaries/ffmpeg* || exit 1
