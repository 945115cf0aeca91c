/** What the films are made with: ffmpeg's encoders and their settings, as most films and screencasts have them. */

export interface Codec {
  readonly title: string;
  readonly encoder: string;
  readonly extension: string;
  /** ffmpeg's, behind the encoder. */
  readonly options: readonly string[];
}

const QUIET_X265 = ['-x265-params', 'log-level=error'];

export const CODECS = {
  x264: {title: 'H.264', encoder: 'libx264', extension: 'mp4', options: []},
  'x264-g30': {
    title: 'H.264, key frame every 30',
    encoder: 'libx264',
    extension: 'mp4',
    options: ['-g', '30'],
  },
  x265: {title: 'H.265', encoder: 'libx265', extension: 'mp4', options: QUIET_X265},
  vp9: {
    title: 'VP9',
    encoder: 'libvpx-vp9',
    extension: 'webm',
    options: ['-b:v', '0', '-crf', '31', '-deadline', 'good', '-cpu-used', '4'],
  },
  av1: {title: 'AV1', encoder: 'libsvtav1', extension: 'mkv', options: ['-preset', '8', '-crf', '35']},
  mjpeg: {title: 'MJPEG', encoder: 'mjpeg', extension: 'avi', options: ['-q:v', '3']},
  vp8: {
    title: 'VP8',
    encoder: 'libvpx',
    extension: 'webm',
    // Below 0: no faster where the machine is slow, so that every run has the same film.
    options: ['-b:v', '1M', '-deadline', 'realtime', '-cpu-used', '-4'],
  },
} as const satisfies Readonly<Record<string, Codec>>;

export type CodecName = keyof typeof CODECS;
export type FilmName = CodecName | 'raw';

export const titleOf = (film: FilmName): string => (film === 'raw' ? 'as recorded' : CODECS[film].title);
