/** Raw frames of any video, through the ffmpeg that is installed. */
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';

/** Frames of more bytes than this would not fit in memory together. */
const MOST_BYTES = 2 ** 31;

/**
 * All frames, one after the other.
 * @param format ffmpeg's name of a pixel format: rgb24, yuv420p
 * @param output further options, given before the output
 * @throws where ffmpeg is missing, or cannot read the video
 */
export function rawFrames(video: string, format: string, output: readonly string[] = []): Buffer {
  const raw = ['-pix_fmt', format, '-f', 'rawvideo', '-'];
  return ffmpeg('ffmpeg', ['-v', 'error', '-bitexact', '-i', video, ...output, ...raw], video);
}

/** @throws where there is no such video, ffmpeg is missing, or cannot read it */
export function videoSize(video: string): {height: number; width: number} {
  if (!existsSync(video)) throw new Error(`There is no video ${video}.`);
  const argv = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=width,height'];
  const [width, height] = ffmpeg('ffprobe', [...argv, '-of', 'csv=p=0', video], video)
    .toString()
    .trim()
    .split(',')
    .map(Number);
  return {height, width};
}

function ffmpeg(name: 'ffmpeg' | 'ffprobe', argv: readonly string[], video: string): Buffer {
  const {status, stdout, stderr, error} = spawnSync(name, argv, {maxBuffer: MOST_BYTES, env: process.env});
  if (error && 'code' in error && error.code === 'ENOENT') {
    throw new Error(
      `Reading ${video} needs ${name}, which is not installed: see ffmpeg.org, or give a folder of PNG or JPEG pictures.`,
    );
  }
  if (error) throw new Error(`${name} cannot read ${video}: ${error.message}.`, {cause: error});
  if (status !== 0 || stdout.length === 0)
    throw new Error(`${name} cannot read ${video}: ${stderr.toString().trim() || 'it has no picture'}.`);
  return stdout;
}
