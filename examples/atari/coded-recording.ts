/**
 * A recording in the form that is shipped, unpacked: a header, and screens coded by `delta`. What a recording is, and how
 * its bytes are read; no files and no compression, so that a page can read it too.
 */
import {decodeScreens} from './delta';

export interface RecordingHeader {
  readonly game: string;
  readonly seed: number;
  readonly frames: number;
  readonly height: number;
  readonly width: number;
  /** How many actions the game knows: as many outputs has the network. */
  readonly actionCount: number;
  readonly palette: Readonly<Record<string, readonly [red: number, green: number, blue: number]>>;
  /** The action taken, the reward it brought, and 1 where the episode ended; an entry a frame each. */
  readonly actions: readonly number[];
  readonly rewards: readonly number[];
  readonly dones: readonly number[];
}

export interface Recording {
  readonly header: RecordingHeader;
  /** From the first screen on, one byte a pixel, row by row; always the same buffer, refilled for each screen. */
  screens(): Generator<Uint8Array, void, undefined>;
}

/** The shipped form's header also says how many bytes of runs there are; the colours follow them. */
export interface ShippedHeader extends RecordingHeader {
  readonly runBytes: number;
  readonly colourBytes: number;
}

/** @throws where the bytes do not fit their header */
export function parseCoded(bytes: Uint8Array): Recording {
  const {header: shipped, body} = splitHeader<ShippedHeader>(bytes);
  const {runBytes, colourBytes, ...header} = shipped;
  checkHeader(header);
  requireBytes(body, runBytes + colourBytes);
  const coded = {runs: body.subarray(0, runBytes), colours: body.subarray(runBytes)};
  return {header, screens: () => decodeScreens(coded, header.height * header.width)};
}

/**
 * A file that begins with the length of its header in 4 bytes, little-endian, and the header in JSON.
 * @throws where it does not; what the header has is not looked at
 */
export function splitHeader<T>(bytes: Uint8Array): {header: T; body: Uint8Array} {
  if (bytes.length < 4) throw new Error('it is too short for a header.');
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (bytes.length < start) throw new Error('it is too short for its header.');
  const header = parseJson(new TextDecoder().decode(bytes.subarray(4, start)));
  if (typeof header !== 'object' || header === null) throw new Error('its header is no JSON object.');
  return {header: header as T, body: bytes.subarray(start)};
}

/** Null where it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function requireBytes(body: Uint8Array, expected: number): void {
  if (body.length !== expected)
    throw new Error(`${expected} bytes should follow its header, not ${body.length}.`);
}

/** Screens in a recording, at least: what changes is told from one to the next. */
const FEWEST_SCREENS = 2;

/** @throws where the header is not one of a recording that can be played; says what it lacks */
export function checkHeader(header: RecordingHeader): void {
  const {frames, height, width, actionCount, palette} = header;
  const isWhole = (value: unknown, least: number) => Number.isInteger(value) && (value as number) >= least;
  if (!isWhole(frames, 0)) throw new Error('its header does not say how many screens it has.');
  if (frames < FEWEST_SCREENS)
    throw new Error(
      `it has ${frames} screen${frames === 1 ? '' : 's'}, and ${FEWEST_SCREENS} are the least.`,
    );
  if (!isWhole(height, 1) || !isWhole(width, 1))
    throw new Error('its header does not say how large its screens are.');
  if (!isWhole(actionCount, 1)) throw new Error('its header does not say how many actions its game knows.');
  if (!isPalette(palette)) throw new Error('its header has no palette: red, green and blue of each index.');
  for (const name of ['actions', 'rewards', 'dones'] as const) {
    const list: unknown = header[name];
    if (!Array.isArray(list) || list.length !== frames)
      throw new Error(`its header should have '${name}', one for each of its ${frames} screens.`);
  }
}

function isPalette(palette: unknown): boolean {
  if (typeof palette !== 'object' || palette === null) return false;
  const colours = Object.values(palette);
  return colours.length > 0 && colours.every((colour) => Array.isArray(colour) && colour.length === 3);
}
