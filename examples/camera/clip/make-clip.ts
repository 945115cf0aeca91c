/**
 * Makes the clip anew from OpenCV's vtest.avi: frames 620 to 699, every plane made smaller to two thirds by the mean over
 * the area of a pixel, and stored as they are. Needs ffmpeg, and the video: see the README beside this.
 *
 *     npx tsx examples/camera/clip/make-clip.ts vtest.avi
 */
import {writeFileSync} from 'node:fs';
import {encodeClip} from '../clip-file';
import {planeBytes, type Planes} from '../clip-frames';
import {rawFrames, videoSize} from '../ffmpeg';
import {resizePlanes, type Size} from '../resize';

/** Many people, some of them near; no key frame of the video among them. */
const FROM = 620;
const FRAMES = 80;
const SIZE = {height: 384, width: 512};

const TARGET = new URL('./vtest.clip.br', import.meta.url);

function smaller(planes: Planes, from: Size): Planes {
  const half = ({height, width}: Size) => ({height: height / 2, width: width / 2});
  const [light, quarter] = [from.height * from.width, (from.height * from.width) / 4];
  const colour = (start: number) =>
    resizePlanes(planes.subarray(start, start + quarter), half(from), half(SIZE), 1);
  return Buffer.concat([
    resizePlanes(planes.subarray(0, light), from, SIZE, 1),
    colour(light),
    colour(light + quarter),
  ]);
}

function makeClip(video: string): void {
  const size = videoSize(video);
  const trim = `trim=start_frame=${FROM}:end_frame=${FROM + FRAMES}`;
  const raw = rawFrames(video, 'yuv420p', {filters: [trim]});
  const bytes = planeBytes(size);
  const planes = Array.from({length: FRAMES}, (_, at) =>
    smaller(raw.subarray(at * bytes, (at + 1) * bytes), size),
  );
  const file = encodeClip(SIZE, planes);
  writeFileSync(TARGET, file);
  console.log(`${FRAMES} frames, ${(file.length / 1e6).toFixed(2)} MB`);
}

const [video] = process.argv.slice(2);
if (video) {
  makeClip(video);
} else {
  console.error('usage: make-clip.ts VIDEO');
  process.exitCode = 1;
}
