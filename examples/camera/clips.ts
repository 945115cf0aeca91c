/**
 * The clips that models are shown, frame by frame at the size a model wants: always the same pixels for the same names.
 * The clip, any video or folder of pictures, and sprites over one still frame of either.
 */
import {readdirSync, readFileSync, statSync} from 'node:fs';
import {basename, join} from 'node:path';
import {readClip} from './clip-file';
import {rawFrames, videoSize} from './ffmpeg';
import {fromFile, type Picture} from './pictures';
import {resize, type Size} from './resize';
import {spriteFrames} from './sprites';

export const CLIPS = ['camera', 'sprites'] as const;
export type ClipName = (typeof CLIPS)[number];

export interface ClipRequest {
  /** 'camera': the frames as they are. 'sprites': the first frame, with sprites moving over it. */
  readonly clip: ClipName;
  /** A video, or a folder of PNG or JPEG pictures, which come by name; the clip that lies beside this by default. */
  readonly source?: string;
  /** Frames, at most; those of a source may be fewer. */
  readonly frames: number;
}

/**
 * The clip's frames at a size, red, green and blue as bytes.
 * @throws where the source has a single frame
 */
export function openClip({clip, source, frames}: ClipRequest, size: Size): Picture[] {
  if (clip === 'sprites') return spriteFrames(resize(openSource(source, 1)[0], size), frames);
  const pictures = openSource(source, frames).map((picture) => resize(picture, size));
  if (pictures.length > 1) return pictures;
  throw new Error(
    `What changes is told from one frame to the next, and ${source ?? 'the clip'} has ${pictures.length} in all.`,
  );
}

/** @throws where the source is neither a video that ffmpeg reads nor a folder of pictures of one size */
export function openSource(source: string | undefined, frames: number): Picture[] {
  if (source === undefined) return readClip(frames);
  return isFolder(source) ? fromFolder(source, frames) : fromVideo(source, frames);
}

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}

function fromFolder(folder: string, frames: number): Picture[] {
  const names = readdirSync(folder).filter((name) => /\.(png|jpe?g)$/i.test(name));
  if (names.length === 0) throw new Error(`There is no PNG or JPEG picture in ${folder}.`);
  const inOrder = names.sort((a, b) => a.localeCompare(b, 'en', {numeric: true})).slice(0, frames);
  const pictures = inOrder.map((name) => open(join(folder, name)));
  const [first] = pictures;
  const other = pictures.findIndex(({height, width}) => height !== first.height || width !== first.width);
  if (other < 0) return pictures;
  throw new Error(
    `Pictures of a clip have one size, but ${inOrder[0]} has ${first.width} × ${first.height} pixels, and ` +
      `${inOrder[other]} ${pictures[other].width} × ${pictures[other].height}.`,
  );
}

function open(path: string): Picture {
  try {
    return fromFile(readFileSync(path));
  } catch (error) {
    throw new Error(`${basename(path)} cannot be read as a picture: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function fromVideo(video: string, frames: number): Picture[] {
  const size = videoSize(video);
  const bytes = size.height * size.width * 3;
  const raw = rawFrames(video, 'rgb24', {most: frames});
  return Array.from({length: raw.length / bytes}, (_, at) => ({
    ...size,
    values: new Uint8Array(raw.subarray(at * bytes, (at + 1) * bytes)),
  }));
}
