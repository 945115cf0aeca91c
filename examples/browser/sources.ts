/** Where pictures come from: recordings of games, the camera example's clip, the webcam, the screen. */
import {parseCoded, type Recording} from '../atari/coded-recording';
import {decodeFrames, toRgb} from '../camera/clip-frames';
import type {Picture} from '../camera/pictures';
import {resize, type Size} from '../camera/resize';
import {newFrames} from './new-frames';
import type {Settings} from './settings';

/** What a model wants of a source. */
export interface Wanted {
  readonly size: Size;
  /** Whether a picture is made smaller by means over pixels; if not, pixels are left out. */
  readonly smooth: boolean;
}

export interface Source {
  /** Width over height, of what is filmed; a model sees its whole input filled, whatever the aspect. */
  readonly aspect: number;
  /** Milliseconds from one picture to the next, at the speed it was recorded at. */
  readonly interval: number;
  /** Each picture once, as large as wanted, until the signal. Recordings start again after the last one. */
  pictures(wanted: Wanted, signal: AbortSignal): AsyncGenerator<Picture, void, undefined>;
  close(): void;
}

/** @throws where it cannot be had, or the user does not let the page have it */
export function openSource({source, game}: Settings): Promise<Source> {
  switch (source) {
    case 'recording':
      return openGame(game);
    case 'clip':
      return openClip();
    case 'webcam':
      return openCamera();
    case 'screen':
      return openScreen();
  }
}

async function openGame(game: string): Promise<Source> {
  const {header, screens} = parsed(game, await download(`/data/recordings/${game}`));
  const {height, width, palette} = header;
  function* pictures() {
    for (const screen of screens()) {
      const values = new Uint8Array(3 * screen.length);
      screen.forEach((index, pixel) => values.set(palette[index], 3 * pixel));
      yield {height, width, values};
    }
  }
  return played(pictures, width / height, 50);
}

function parsed(game: string, bytes: Uint8Array): Recording {
  try {
    return parseCoded(bytes);
  } catch (error) {
    throw new Error(`The recording of ${game} cannot be played: ${(error as Error).message}`, {cause: error});
  }
}

async function openClip(): Promise<Source> {
  const {header, planes} = decodeFrames(await download('/data/clip/vtest'));
  function* pictures() {
    for (const frame of planes) yield toRgb(frame, header);
  }
  return played(pictures, header.width / header.height, 100);
}

async function download(address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} cannot be read: ${response.statusText}.`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Over and over. */
function played(pictures: () => Iterator<Picture>, aspect: number, interval: number): Source {
  let playing = pictures();
  const next = () => {
    const {value, done} = playing.next();
    if (!done) return value;
    playing = pictures();
    return playing.next().value as Picture;
  };
  return {
    aspect,
    interval,
    async *pictures(wanted, signal) {
      while (!signal.aborted) yield fit(next(), wanted);
    },
    close: () => undefined,
  };
}

function fit(picture: Picture, {size, smooth}: Wanted): Picture {
  return smooth ? resize(picture, size) : pick(picture, size);
}

/** Rows and columns at even distances, from the first on. */
function pick(picture: Picture, {height, width}: Size): Picture {
  const values = new Uint8Array(height * width * 3);
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.floor((y * picture.height) / height) * picture.width;
    for (let x = 0; x < width; x++, to += 3) {
      const from = 3 * (row + Math.floor((x * picture.width) / width));
      for (let channel = 0; channel < 3; channel++) values[to + channel] = picture.values[from + channel];
    }
  }
  return {height, width, values};
}

async function openCamera(): Promise<Source> {
  const {mediaDevices} = navigator as Partial<Navigator>;
  if (!mediaDevices) throw new Error('No camera on this page: browsers ask for https, or localhost.');
  const constraints = {video: {width: {ideal: 640}, height: {ideal: 480}}};
  return filmed(await allowed('camera', mediaDevices.getUserMedia(constraints)));
}

async function openScreen(): Promise<Source> {
  const {mediaDevices} = navigator as Partial<Navigator>;
  if (!mediaDevices || !('getDisplayMedia' in mediaDevices))
    throw new Error(
      'This browser does not let a page see the screen; phones do not, and it takes https, or localhost.',
    );
  return filmed(await allowed('screen', mediaDevices.getDisplayMedia({video: true})));
}

/** Says what a browser's refusal means. */
async function allowed(what: string, stream: Promise<MediaStream>): Promise<MediaStream> {
  try {
    return await stream;
  } catch (error) {
    const {name, message} = error as DOMException;
    if (name === 'NotAllowedError')
      throw new Error(`The ${what} was not allowed. Allow it for this page, and press Play.`, {cause: error});
    if (name === 'InvalidStateError')
      throw new Error(`Press Play: a page asks for the ${what} only when told to.`, {cause: error});
    if (name === 'NotFoundError') throw new Error(`There is no ${what} here.`, {cause: error});
    throw new Error(`The ${what} cannot be had: ${message}.`, {cause: error});
  }
}

async function filmed(stream: MediaStream): Promise<Source> {
  const video = Object.assign(document.createElement('video'), {
    srcObject: stream,
    muted: true,
    playsInline: true,
  });
  await video.play();
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', {willReadFrequently: true})!;
  return {
    aspect: video.videoWidth / video.videoHeight,
    interval: 0,
    async *pictures({size, smooth}, signal) {
      for await (const shown of newFrames(video, signal)) {
        Object.assign(canvas, size);
        context.imageSmoothingEnabled = smooth;
        context.drawImage(shown, 0, 0, size.width, size.height);
        yield withoutAlpha(context.getImageData(0, 0, size.width, size.height));
      }
    },
    close: () => stream.getTracks().forEach((track) => track.stop()),
  };
}

function withoutAlpha({height, width, data}: ImageData): Picture {
  const values = new Uint8Array(height * width * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    values[to] = data[from];
    values[to + 1] = data[from + 1];
    values[to + 2] = data[from + 2];
  }
  return {height, width, values};
}
