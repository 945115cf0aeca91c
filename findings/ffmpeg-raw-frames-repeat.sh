#!/usr/bin/env bash
# ffmpeg, asked for the raw frames of a film of varying rate and for nothing else, repeats frames: raw output has no times, so
# it is made to come at a constant rate. setpts=N/(25*TB), which its documentation gives for a fixed rate, loses a frame where
# the film's time base is coarser than 1/25 s. settb=1/25,setpts=N with -r 25 gives each frame once.
# Why it matters: phones, screen recorders and calls film at varying rates. A frame that is repeated changes nothing, so that
# what a model would do on the film is judged by frames that are none.
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
const run = (argv, input) => {
  const {status, stdout, stderr} = spawnSync(ffmpeg, ['-v', 'error', '-y', ...argv.split(/ +/)], {input});
  assert.equal(status, 0, stderr.toString());
  return stdout;
};
console.log(spawnSync(ffmpeg, ['-version'], {encoding: 'utf8'}).stdout.split('\n')[0]);

// Frame t has the grey t; 10 a second.
const size = 16 * 16;
const film = (name, count, how) =>
  run(
    `-f rawvideo -pix_fmt gray -s 16x16 -r 10 -i - -c:v ffv1 ${how} ${name}`,
    Buffer.concat(Array.from({length: count}, (_, t) => Buffer.alloc(size, t))),
  );
const greysOf = (name, how) => {
  const raw = run(`-i ${name} ${how} -f rawvideo -pix_fmt gray -`);
  return Array.from({length: raw.length / size}, (_, t) => raw[t * size]);
};
const show = (title, greys) => (console.log(`${title}: ${greys}`), greys);
const BASED = '-vf settb=1/25,setpts=N -r 25';

// Of 24 frames 6 are kept, with their times: a screen that stood still in between.
film('uneven.mkv', 24, '-vf select=lt(mod(n\\,12)\\,3) -fps_mode vfr');
const kept = [0, 1, 2, 12, 13, 14];
const plain = show('uneven, asked for nothing else', greysOf('uneven.mkv', ''));
assert.deepEqual(show('uneven, settb=1/25,setpts=N   ', greysOf('uneven.mkv', BASED)), kept);
assert(plain.length > 2 * kept.length, 'repeats');

film('even.avi', 20, '');
const all = Array.from({length: 20}, (_, t) => t);
const documented = show('even, setpts=N/(25*TB)        ', greysOf('even.avi', '-vf setpts=N/(25*TB) -r 25'));
assert.deepEqual(show('even, settb=1/25,setpts=N     ', greysOf('even.avi', BASED)), all);
assert.equal(all.filter((grey) => !documented.includes(grey)).length, 1, 'a frame is lost');
EOF
node show.mjs lib/imageio_ffmpeg/binaries/ffmpeg* || exit 1
