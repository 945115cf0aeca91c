/** Raw frames of any film that the ffmpeg which is installed can read, and what keeps it from that. */
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';

/** Frames of more bytes than this would not fit in memory together. */
const MOST_BYTES = 2 ** 31;

/** What ffprobe says of a film's first video stream; cover pictures are none. */
interface VideoStream {
  /** Missing where ffmpeg does not know the codec. */
  readonly codec_name?: string;
  /** What the file calls it. */
  readonly codec_tag_string?: string;
  readonly width: number;
  readonly height: number;
  readonly side_data_list?: readonly {readonly rotation?: number}[];
}

/**
 * All frames, one after the other; each of the film's own once, whatever their times.
 * @param format ffmpeg's name of a pixel format: rgb24, yuv420p
 * @throws where ffmpeg is missing, or cannot read the film
 */
export function rawFrames(
  video: string,
  format: string,
  {filters = [], most}: {filters?: readonly string[]; most?: number} = {},
): Buffer {
  // Without times of their own, raw frames are made to come at a constant rate: frames would be repeated, or left out.
  const evenly = ['-vf', [...filters, 'settb=1/25', 'setpts=N'].join(','), '-r', '25'];
  const output = [...evenly, ...(most === undefined ? [] : ['-frames:v', `${most}`])];
  const argv = ['-v', 'error', '-bitexact', '-i', video, '-map', '0:V:0', ...output];
  const {stdout, failure} = ask('ffmpeg', [...argv, '-pix_fmt', format, '-f', 'rawvideo', '-'], video);
  if (failure === null && stdout.length > 0) return stdout;
  expectDecoder(video);
  throw new Error(`ffmpeg cannot read ${video}: ${failure || 'it has no picture'}.`);
}

/** The size of its frames as they are to be seen: upright. @throws where it is no film that ffmpeg can read */
export function videoSize(video: string): {height: number; width: number} {
  const {width, height, side_data_list = []} = videoStream(video);
  const turned = side_data_list.some(({rotation = 0}) => Math.abs(rotation) % 180 === 90);
  return turned ? {height: width, width: height} : {height, width};
}

function videoStream(video: string): VideoStream {
  if (!existsSync(video)) throw new Error(`There is no video ${video}.`);
  const entries = 'stream=codec_name,codec_tag_string,width,height:stream_side_data=rotation';
  const argv = ['-v', 'error', '-select_streams', 'V:0', '-show_entries', entries, '-of', 'json', video];
  const {stdout, failure} = ask('ffprobe', argv, video);
  if (failure !== null) throw new Error(`${video} is no film that ffmpeg knows: ${failure}.`);
  const [stream] = (JSON.parse(stdout.toString()) as {streams: VideoStream[]}).streams;
  if (stream) return stream;
  throw new Error(`${video} has no video: there is sound at most, or a cover.`);
}

function expectDecoder(video: string): void {
  const {codec_name, codec_tag_string} = videoStream(video);
  if (hasDecoder(codec_name)) return;
  const name = codec_name ?? `'${codec_tag_string}', which it does not know`;
  throw new Error(
    `The ffmpeg that is installed has no decoder for ${video}: its codec is ${name}. ` +
      '`ffmpeg -decoders` lists what it has.',
  );
}

/** A codec may have several decoders, which have names of their own. */
function hasDecoder(codec: string | undefined): boolean {
  if (codec === undefined) return false;
  const {stdout} = ask('ffmpeg', ['-v', 'error', '-codecs'], codec);
  // Flags, name, title: ` DEV.LS h264   H.264 …`; the first flag is D where it can be decoded.
  const line = stdout
    .toString()
    .split('\n')
    .find((text) => text.trim().split(/\s+/)[1] === codec);
  return line?.trim().startsWith('D') ?? false;
}

/** @returns what it printed; and what it said of its failure, or null */
function ask(
  name: 'ffmpeg' | 'ffprobe',
  argv: readonly string[],
  video: string,
): {stdout: Buffer; failure: string | null} {
  const {status, stdout, stderr, error} = spawnSync(name, argv, {maxBuffer: MOST_BYTES, env: process.env});
  const code = error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') {
    throw new Error(
      `Reading ${video} needs ${name}, which is not installed: see ffmpeg.org, or give a folder of PNG or JPEG pictures.`,
      {cause: error},
    );
  }
  if (code === 'ENOBUFS')
    throw new Error(`The frames of ${video} take more than 2 GiB together: ask for fewer.`, {cause: error});
  if (error) throw new Error(`${name} cannot read ${video}: ${error.message}.`, {cause: error});
  return {stdout, failure: status === 0 ? null : lastLine(stderr.toString(), video)};
}

/** What it gave up for, without the file's name before it. */
function lastLine(text: string, video: string): string {
  const line = text.trim().split('\n').at(-1)!;
  return line.replace(`${video}: `, '').replace(/\.$/, '');
}
