/**
 * Recordings of games, read from the two forms there are: the original `NAME.rec.gz` (whole screens, each XOR the one
 * before it) and the smaller `NAME.rec.br` that lies in `recordings/` (the same screens, coded by `delta`). Both are a
 * header and screens of palette indices; what a network sees of them is `preprocess`'s affair.
 */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync, brotliDecompressSync, constants, gunzipSync} from 'node:zlib';
import {
  checkHeader,
  parseCoded,
  requireBytes,
  splitHeader,
  type Recording,
  type RecordingHeader,
  type ShippedHeader,
} from './coded-recording';
import {encodeScreens} from './delta';
import type {Game} from './games';

export type {Recording, RecordingHeader};

/** Where the recordings lie that come with this example. */
export const RECORDINGS = fileURLToPath(new URL('recordings/', import.meta.url));

/**
 * @param data a folder of original recordings; by default, those that come with this example are read
 * @throws where the file is missing or is no recording
 */
export function openRecording(game: Game, data?: string): Recording {
  const path = data === undefined ? join(RECORDINGS, `${game}.rec.br`) : join(data, `${game}.rec.gz`);
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw new Error(`There is no recording of ${game}: cannot read ${path}.`, {cause: error});
  }
  try {
    return data === undefined ? parseShipped(file) : parseOriginal(file);
  } catch (error) {
    throw new Error(`${path} is no recording: ${(error as Error).message}`, {cause: error});
  }
}

export function parseOriginal(file: Uint8Array): Recording {
  const {header, body} = splitHeader<RecordingHeader>(gunzipSync(file));
  checkHeader(header);
  requireBytes(body, header.frames * header.height * header.width);
  return {header, screens: () => undoXor(body, header)};
}

function* undoXor(
  body: Uint8Array,
  {frames, height, width}: RecordingHeader,
): ReturnType<Recording['screens']> {
  const size = height * width;
  const screen = new Uint8Array(size);
  for (let frame = 0, at = 0; frame < frames; frame++) {
    for (let i = 0; i < size; i++) screen[i] ^= body[at++];
    yield screen;
  }
}

export function parseShipped(file: Uint8Array): Recording {
  return parseCoded(brotliDecompressSync(file));
}

/** A recording in the form that is shipped. Slow: brotli at its most thorough. */
export function toShipped({header, screens}: Recording): Uint8Array {
  const {runs, colours} = encodeScreens(screens(), header.height * header.width);
  const shipped: ShippedHeader = {...header, runBytes: runs.length, colourBytes: colours.length};
  return brotliCompressSync(joinHeader(shipped, runs, colours), {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    },
  });
}

function joinHeader(header: object, ...bodies: Uint8Array[]): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, ...bodies]);
}
