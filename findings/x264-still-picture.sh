#!/usr/bin/env bash
# A still picture through x264, as ffmpeg calls it: at each key frame half of its pixels and more change, some by more than 4
# grey levels, though nothing moved. Between key frames it stands still.
# Why it matters: what compares frames bit for bit, or with a gate that is too low, sees the whole picture change at each key
# frame: every 250 frames by default, and every few seconds in most streams.
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
const run = (argv, input) => spawnSync(ffmpeg, ['-v', 'error', '-y', ...argv.split(' ')], {input, maxBuffer: 2 ** 28}).stdout;
console.log(spawnSync(ffmpeg, ['-version'], {encoding: 'utf8'}).stdout.split('\n')[0]);

// Waves and rings of many widths: a picture with edges, soft and sharp.
const [width, height] = [320, 240];
const picture = Buffer.alloc(width * height);
for (let y = 0; y < height; y++)
  for (let x = 0; x < width; x++)
    picture[y * width + x] = 128 + 60 * Math.sin((x * x + y * y) / 900) + 40 * Math.sin(x / 7 + y / 23);
const frames = Buffer.concat(Array(91).fill(picture));
const raw = `-f rawvideo -pix_fmt gray -s ${width}x${height} -r 25 -i -`;
run(`${raw} -c:v libx264 -threads 1 -g 30 -pix_fmt yuv420p still.mp4`, frames);
const decoded = run('-i still.mp4 -f rawvideo -pix_fmt gray -');
assert.equal(decoded.length, frames.length);

/** Share of the pixels that differ from the frame before by more than so many grey levels. */
const changed = (t, levels) => {
  let count = 0;
  for (let i = 0; i < picture.length; i++)
    count += Math.abs(decoded[t * picture.length + i] - decoded[(t - 1) * picture.length + i]) > levels;
  return count / picture.length;
};
const percent = (t, levels) => `${(100 * changed(t, levels)).toFixed(1)} %`;
for (const t of [29, 30, 31, 59, 60, 61, 89, 90]) {
  const shares = [0, 4, 8].map((levels) => `${percent(t, levels)} by more than ${levels}`);
  console.log(`frame ${t}${t % 30 === 0 ? ', a key frame' : ''}: ${shares.join(', ')}`);
}
for (const t of [30, 60, 90]) assert(changed(t, 0) > 0.5, 'a key frame');
assert([30, 60, 90].some((t) => changed(t, 4) > 0.01), 'by more than 4 grey levels');
for (const t of [29, 31, 59, 61, 89]) assert(changed(t, 0) < 0.01, 'between key frames');
EOF
node show.mjs lib/imageio_ffmpeg/binaries/ffmpeg* || exit 1
