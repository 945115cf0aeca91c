/** Films of every usual codec through the camera example's reader, each made here by ffmpeg; and what is no film. */
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openClip, openSource} from '../../examples/camera/clips';
import {videoSize} from '../../examples/camera/ffmpeg';
import {toPng, type Picture} from '../../examples/camera/pictures';

/** Where REUSE_FFMPEG is set, ffmpeg has to be there, and every encoder that is named here. */
const mustRun = Boolean(process.env['REUSE_FFMPEG']);
const encoders = spawnSync('ffmpeg', ['-v', 'error', '-encoders'], {encoding: 'utf8'}).stdout ?? '';
const withEncoder = (name: string) => (mustRun || encoders.includes(` ${name} `) ? it : it.skip);
const withFfmpeg = withEncoder('mjpeg');

const folder = mkdtempSync(join(tmpdir(), 'camera-films-'));
afterAll(() => rmSync(folder, {recursive: true}));
const inFolder = (name: string) => join(folder, name);

const SIZE = {height: 48, width: 64};

/** Grey, with a white square that moves by 4 pixels a frame. */
const FRAMES = Array.from({length: 12}, (_, t): Picture => {
  const isWhite = (y: number, x: number) => y >= 16 && y < 32 && x >= 4 * t && x < 4 * t + 16;
  const values = Uint8Array.from({length: 3 * SIZE.height * SIZE.width}, (_, i) => {
    const pixel = Math.floor(i / 3);
    return isWhite(Math.floor(pixel / SIZE.width), pixel % SIZE.width) ? 240 : 64;
  });
  return {...SIZE, values};
});

function ffmpeg(argv: readonly string[], input?: Buffer): void {
  const {status, stderr} = spawnSync('ffmpeg', ['-v', 'error', '-y', ...argv], {encoding: 'utf8', input});
  if (status !== 0) throw new Error(`ffmpeg ${argv.join(' ')}: ${stderr}`);
}

/** @param encoder ffmpeg's options of the output */
function film(name: string, encoder: string): string {
  const raw = '-f rawvideo -pix_fmt rgb24 -s 64x48 -r 25 -i -'.split(' ');
  ffmpeg([...raw, ...encoder.split(' '), inFolder(name)], Buffer.concat(FRAMES.map(({values}) => values)));
  return inFolder(name);
}

/** The film that most tests are about. */
const mjpeg = (name: string, ...more: string[]) =>
  film(name, ['-c:v mjpeg -q:v 2 -pix_fmt yuvj420p', ...more].join(' '));

const distance = (a: Picture, b: Picture) =>
  a.values.reduce((sum, value, i) => sum + Math.abs(value - b.values[i]), 0) / a.values.length;

/** Each frame looks like the one it was made of, and more so than like the next. */
function expectFrames(found: readonly Picture[], expected: readonly Picture[] = FRAMES): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((frame, t) => {
    expect([frame.height, frame.width]).toEqual([expected[t].height, expected[t].width]);
    expect(distance(frame, expected[t])).toBeLessThan(3);
    if (t > 0) expect(distance(frame, expected[t - 1])).toBeGreaterThan(5);
  });
}

/** What stands for a codec in a film, in place of a code that ffmpeg knows. */
function withCode(path: string, name: string, from: string, to: string): string {
  const file = readFileSync(path);
  for (let at = file.indexOf(from); at >= 0; at = file.indexOf(from, at + 1)) file.write(to, at);
  writeFileSync(inFolder(name), file);
  return inFolder(name);
}

/** A film to be seen a quarter turn to the right, as phones make them when held upright. */
function turned(path: string, name: string): string {
  const file = readFileSync(path);
  // The matrix stands 40 bytes behind the name of the track's header.
  const matrix = file.indexOf('tkhd') + 4 + 40;
  [0, 1, 0, -1, 0, 0, SIZE.height, 0].forEach((value, i) => file.writeInt32BE(value * 65536, matrix + 4 * i));
  writeFileSync(inFolder(name), file);
  return inFolder(name);
}

/** As that film is to be seen. */
function turnedPicture({height, width, values}: Picture): Picture {
  const out = new Uint8Array(values.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      out.set(
        values.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
        3 * (x * height + height - 1 - y),
      );
  return {height: width, width: height, values: out};
}

const CODECS: readonly (readonly [title: string, encoder: string, name: string, options: string])[] = [
  ['H.264', 'libx264', 'h264.mp4', '-pix_fmt yuv420p'],
  ['H.264, all key frames', 'libx264', 'key.mp4', '-pix_fmt yuv420p -g 1'],
  ['H.265', 'libx265', 'h265.mp4', '-pix_fmt yuv420p -x265-params log-level=error'],
  ['H.265 of 10 bits', 'libx265', '10.mkv', '-pix_fmt yuv420p10le -x265-params log-level=error'],
  ['VP8', 'libvpx', 'vp8.webm', '-b:v 1M'],
  ['VP9', 'libvpx-vp9', 'vp9.webm', '-b:v 1M -cpu-used 8 -deadline realtime'],
  ['AV1', 'libaom-av1', 'av1.mkv', '-b:v 1M -cpu-used 8 -usage realtime'],
  ['MJPEG', 'mjpeg', 'mjpeg.avi', '-q:v 2 -pix_fmt yuvj420p'],
];

describe('a film (skipped without ffmpeg, or without its encoder)', () => {
  for (const [title, encoder, name, options] of CODECS) {
    withEncoder(encoder)(`of ${title} is read frame by frame`, () => {
      const path = film(name, `-c:v ${encoder} ${options}`);
      expectFrames(openSource(path, 80));
      expectFrames(openSource(path, 5), FRAMES.slice(0, 5));
    });
  }

  withFfmpeg('gives each frame once, however long it stands', () => {
    const path = mjpeg('uneven.mkv', '-vf setpts=N*(N+1)*4 -vsync vfr');
    expectFrames(openSource(path, 80));
  });

  withFfmpeg('is upright, if it was filmed so', () => {
    const path = turned(mjpeg('flat.mp4'), 'upright.mp4');
    expect(videoSize(path)).toEqual({height: SIZE.width, width: SIZE.height});
    expectFrames(openSource(path, 80), FRAMES.map(turnedPicture));
  });

  withFfmpeg('may have sound, and a cover before the video', () => {
    writeFileSync(inFolder('cover.png'), toPng({height: 8, width: 8, values: new Uint8Array(192)}));
    const inputs = [inFolder('cover.png'), mjpeg('silent.avi')].flatMap((path) => ['-i', path]);
    const maps = '-f lavfi -i sine=d=1 -map 0 -map 1 -map 2 -c:v copy -c:a aac -disposition:v:0 attached_pic';
    ffmpeg([...inputs, ...maps.split(' '), inFolder('sound.mp4')]);
    expectFrames(openSource(inFolder('sound.mp4'), 80));
  });

  withFfmpeg('has the size that a model wants', () => {
    const clip = openClip({clip: 'camera', source: mjpeg('size.avi'), frames: 3}, {height: 20, width: 30});
    expect(clip.map(({height, width}) => [height, width])).toEqual(Array(3).fill([20, 30]));
  });
});

describe('what is no film is refused (skipped without ffmpeg)', () => {
  const refused = (path: string) => expect(() => openSource(path, 80));

  withFfmpeg('if it is a file of another kind', () => {
    for (const [name, bytes] of [
      ['letter.mp4', 'Dear reader,'],
      ['empty.mp4', ''],
      ['noise.mp4', Buffer.from(Array.from({length: 4096}, (_, i) => (i * i * 7) % 251))],
    ] as const) {
      writeFileSync(inFolder(name), bytes);
      refused(inFolder(name)).toThrow(`${inFolder(name)} is no film that ffmpeg knows: Invalid data`);
    }
  });

  withFfmpeg('if its end is missing, where its frames are listed', () => {
    const whole = readFileSync(mjpeg('whole.mp4'));
    writeFileSync(inFolder('half.mp4'), whole.subarray(0, whole.length / 2));
    refused(inFolder('half.mp4')).toThrow(/half\.mp4 is no film that ffmpeg knows/);
  });

  withFfmpeg('if it has sound alone', () => {
    ffmpeg(['-f', 'lavfi', '-i', 'sine=d=0.2', inFolder('sound.wav')]);
    refused(inFolder('sound.wav')).toThrow('sound.wav has no video: there is sound at most, or a cover.');
  });

  withFfmpeg('if its codec has no decoder', () => {
    const path = withCode(mjpeg('known.avi'), 'unknown.avi', 'MJPG', 'ZZZZ');
    refused(path).toThrow(
      /has no decoder for .*unknown\.avi: its codec is 'ZZZZ', which it does not know\. `ffmpeg -decoders`/,
    );
  });

  withFfmpeg('if it has a single frame', () => {
    const path = mjpeg('one.avi', '-frames:v 1');
    expect(() => openClip({clip: 'camera', source: path, frames: 80}, SIZE)).toThrow('one.avi has 1 in all.');
  });
});
