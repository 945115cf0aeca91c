/** Films made of raw frames by ffmpeg, and read again: what a codec leaves of them. */
import {spawnSync} from 'node:child_process';
import {mkdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {rawFrames} from '../../examples/camera/ffmpeg';
import type {Picture} from '../../examples/camera/pictures';
import {ROOT} from '../frames';
import {CODECS, type CodecName} from './codecs';

/** Films stay there to be looked at, until the next run. */
const FOLDER = join(ROOT, 'node_modules/.cache/tfjs-reuse/films');

export interface Film {
  /** As large as those it was made of. */
  readonly pictures: readonly Picture[];
  readonly bytesPerFrame: number;
}

export interface FilmRequest {
  /** Of the file, without an extension. */
  readonly name: string;
  readonly codec: CodecName;
  readonly pictures: readonly Picture[];
  /** Frames a second. */
  readonly rate: number;
  /** Side of the square that a pixel becomes before it is encoded; its middle is read again. */
  readonly scale: number;
}

/** @throws where ffmpeg cannot make the film */
export function throughCodec({name, codec, pictures, rate, scale}: FilmRequest): Film {
  const {encoder, extension, options} = CODECS[codec];
  mkdirSync(FOLDER, {recursive: true});
  const path = join(FOLDER, `${name}-${codec}.${extension}`);
  const [{height, width}] = pictures;
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', `${rate}`];
  const filter = `scale=${scale * width}:${scale * height}:flags=neighbor`;
  const format = codec === 'mjpeg' ? 'yuvj420p' : 'yuv420p';
  const output = ['-vf', filter, '-c:v', encoder, ...options, '-pix_fmt', format, path];
  encode(['-v', 'error', '-y', ...input, '-i', '-', ...output], pictures);
  const size = {height: scale * height, width: scale * width};
  const raw = rawFrames(path, 'rgb24');
  const bytes = 3 * size.height * size.width;
  const frames = Array.from({length: raw.length / bytes}, (_, t) =>
    middles(raw.subarray(t * bytes, (t + 1) * bytes), {height, width}, scale),
  );
  if (frames.length !== pictures.length)
    throw new Error(`${path} has ${frames.length} frames, of ${pictures.length} that went in.`);
  return {pictures: frames, bytesPerFrame: statSync(path).size / frames.length};
}

function encode(argv: readonly string[], pictures: readonly Picture[]): void {
  const input = Buffer.concat(pictures.map(({values}) => values));
  const {status, stderr} = spawnSync('ffmpeg', argv, {
    input,
    // SVT-AV1 reports on itself whatever ffmpeg is told.
    env: {...process.env, SVT_LOG: '1'},
  });
  if (status !== 0) throw new Error(`ffmpeg cannot make ${argv.at(-1)!}: ${stderr.toString().trim()}`);
}

/** Of the squares that pixels were made into. */
function middles(
  values: Uint8Array,
  {height, width}: Pick<Picture, 'height' | 'width'>,
  scale: number,
): Picture {
  if (scale === 1) return {height, width, values: new Uint8Array(values)};
  const out = new Uint8Array(3 * height * width);
  const middle = scale >> 1;
  for (let y = 0, to = 0; y < height; y++) {
    const row = (y * scale + middle) * width * scale;
    for (let x = 0; x < width; x++, to += 3) {
      const from = 3 * (row + x * scale + middle);
      out.set(values.subarray(from, from + 3), to);
    }
  }
  return {height, width, values: out};
}

/** @throws where ffmpeg is missing, or an encoder: before anything is measured */
export function expectEncoders(codecs: readonly CodecName[]): void {
  const {stdout, error} = spawnSync('ffmpeg', ['-v', 'error', '-encoders'], {
    encoding: 'utf8',
    env: process.env,
  });
  if (error) throw new Error(`Films are made with ffmpeg, which does not run here: ${error.message}.`);
  const missing = codecs.filter((codec) => !stdout.includes(` ${CODECS[codec].encoder} `));
  if (missing.length === 0) return;
  const list = missing.map((codec) => `${CODECS[codec].encoder} for ${codec}`).join(', ');
  throw new Error(`The ffmpeg that is installed has no encoder ${list}: leave it out with --films.`);
}

/** Its version, as it says it. */
export function ffmpegVersion(): string {
  const {stdout} = spawnSync('ffmpeg', ['-version'], {encoding: 'utf8'});
  return /^ffmpeg version (\S+)/.exec(stdout ?? '')?.[1] ?? 'unknown';
}
