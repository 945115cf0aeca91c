/** Small made-up recordings for the tests of examples/atari, and the original form to write them in. Not a test. */
import {gzipSync} from 'node:zlib';
import type {Recording, RecordingHeader} from '../../examples/atari/recording';

/** A recording whose screens are given; its palette is grey, darker for higher indices. */
export function recordingOf(
  screens: readonly Uint8Array[],
  {height, width}: {height: number; width: number},
): Recording {
  const frames = screens.length;
  const header: RecordingHeader = {
    game: 'MadeUp',
    seed: 7,
    frames,
    height,
    width,
    actionCount: 3,
    palette: Object.fromEntries(
      Array.from({length: 256}, (_, i) => [i, [255 - i, 255 - i, 255 - i] as const]),
    ),
    actions: screens.map((_, i) => i % 3),
    rewards: screens.map((_, i) => (i === 2 ? 10 : 0)),
    dones: screens.map(() => 0),
  };
  return {header, screens: () => screens.values() as ReturnType<Recording['screens']>};
}

/** A few sprites that move over a still ground, as games have them. */
export function spriteScreens(frames: number, height: number, width: number): Uint8Array[] {
  const ground = Uint8Array.from({length: height * width}, (_, i) => (Math.floor(i / width) >> 4) % 3);
  return Array.from({length: frames}, (_, t) => {
    const screen = ground.slice();
    for (const [sprite, speed] of [3, -2, 5].entries()) {
      const left = (((20 * sprite + speed * t) % (width - 8)) + width - 8) % (width - 8);
      const top = ((13 * sprite + t) % (height - 8)) * width;
      for (let y = 0; y < 8; y++)
        screen.fill(100 + 10 * sprite + (y >> 1), top + y * width + left, top + y * width + left + 8);
    }
    return screen;
  });
}

/** The original form: gzip over the header and the screens, each XOR the one before it. */
export function toOriginal({header, screens}: Recording): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const bodies: Buffer[] = [];
  let previous = new Uint8Array(header.height * header.width);
  for (const screen of screens()) {
    bodies.push(Buffer.from(screen.map((value, i) => value ^ previous[i])));
    previous = screen.slice();
  }
  return gzipSync(Buffer.concat([length, json, ...bodies]));
}

/** All screens of a recording, each in an array of its own. */
export function allScreens(recording: Recording): Uint8Array[] {
  return Array.from(recording.screens(), (screen) => screen.slice());
}
