import {createHash} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import fc from 'fast-check';
import {encode as encodeJpeg} from 'jpeg-js';
import {diff, Region} from '../../src';
import {decodeClip, encodeClip, readClip} from '../../examples/camera/clip-file';
import {planeBytes, toRgb} from '../../examples/camera/clip-frames';
import {openClip, openSource} from '../../examples/camera/clips';
import {fromFile, toPng, type Picture} from '../../examples/camera/pictures';
import {resize, resizePlanes} from '../../examples/camera/resize';
import {sample} from '../scale';

const picture = (
  height: number,
  width: number,
  of: (y: number, x: number, c: number) => number,
): Picture => ({
  height,
  width,
  values: Uint8Array.from({length: 3 * height * width}, (_, i) => {
    const pixel = Math.floor(i / 3);
    return of(Math.floor(pixel / width), pixel % width, i % 3);
  }),
});

/** Told apart by a hash: pictures are long to print. */
const digest = ({height, width, values}: Picture) =>
  `${height} × ${width}: ${createHash('sha256').update(values).digest('hex')}`;
const digests = (pictures: readonly Picture[]) => pictures.map(digest);

const changed = (a: Picture, b: Picture, threshold = 0): Region =>
  diff({...a, data: a.values}, {...b, data: b.values}, threshold);

describe('resizing', () => {
  const waves = picture(12, 18, (y, x, c) => 10 * y + 5 * x + 20 * c);

  it('takes the mean over the area of a pixel where it shrinks', () => {
    const small = resize(waves, {height: 6, width: 6});
    const expected = picture(6, 6, (y, x, c) => Math.round(10 * (2 * y + 0.5) + 5 * (3 * x + 1) + 20 * c));
    expect(digest(small)).toBe(digest(expected));
  });

  it('weighs pixels that are covered in part by how much of them is', () => {
    const row = Uint8Array.from([0, 90, 240]);
    // Each new pixel covers one and a half of the old.
    expect([...resizePlanes(row, {height: 1, width: 3}, {height: 1, width: 2}, 1)]).toEqual([30, 190]);
  });

  it('interpolates between the middles of pixels where it grows', () => {
    const row = Uint8Array.from([0, 80]);
    const grown = resizePlanes(row, {height: 1, width: 2}, {height: 1, width: 4}, 1);
    expect([...grown]).toEqual([0, 20, 60, 80]);
  });

  it('leaves a plain picture plain, and all within what was there', () => {
    const side = fc.integer({min: 1, max: 12});
    const sizes = fc.record({height: side, width: side});
    fc.assert(
      fc.property(sizes, sizes, fc.uint8Array({minLength: 144, maxLength: 144}), (from, to, noise) => {
        const values = noise.subarray(0, from.height * from.width);
        const found = [...resizePlanes(values, from, to, 1)];
        expect(found).toHaveLength(to.height * to.width);
        expect(Math.min(...found)).toBeGreaterThanOrEqual(Math.min(...values));
        expect(Math.max(...found)).toBeLessThanOrEqual(Math.max(...values));
        const plain = resizePlanes(
          values.map(() => noise[0]),
          from,
          to,
          1,
        );
        expect(new Set(plain)).toEqual(new Set([noise[0]]));
      }),
      sample(100),
    );
  });
});

describe('the clip', () => {
  const frames = readClip(12);

  it('is 80 frames of 512 × 384 pixels', () => {
    const file = readFileSync(new URL('../../examples/camera/clip/vtest.clip.br', pathToFileURL(__filename)));
    expect(decodeClip(file, 0).header).toEqual({height: 384, width: 512, frames: 80});
    expect(frames).toHaveLength(12);
    for (const {height, width, values} of frames) {
      expect([height, width, values.length]).toEqual([384, 512, 384 * 512 * 3]);
    }
  });

  it('moves from frame to frame: a little of it clearly, some a little, most of it not', () => {
    const share = (threshold: number) => {
      const regions = frames.slice(1).map((frame, i) => changed(frames[i], frame, threshold));
      return regions.reduce((sum, {area}) => sum + area, 0) / (regions.length * 384 * 512);
    };
    // As vtest.avi itself, made as small.
    expect(share(0)).toBeCloseTo(0.2852, 3);
    expect(share(8)).toBeCloseTo(0.0274, 4);
    expect(share(16)).toBeCloseTo(0.01936, 4);
  });

  it('has a format that loses nothing', () => {
    const size = {height: 4, width: 6};
    const planes = [7, 31, 250].map((step) =>
      Uint8Array.from({length: planeBytes(size)}, (_, i) => (i * step) % 256),
    );
    const {header, planes: read} = decodeClip(encodeClip(size, planes));
    expect(header).toEqual({...size, frames: 3});
    expect(read).toEqual(planes);
  });

  it('has the colours of BT.601', () => {
    const size = {height: 2, width: 2};
    const colour = (y: number, blue: number, red: number) => [
      ...toRgb(Uint8Array.from([y, y, y, y, blue, red]), size).values.subarray(0, 3),
    ];
    expect(colour(16, 128, 128)).toEqual([0, 0, 0]);
    expect(colour(235, 128, 128)).toEqual([255, 255, 255]);
    expect(colour(81, 90, 240)).toEqual([254, 0, 0]);
    expect(colour(145, 54, 34)).toEqual([0, 255, 1]);
    expect(colour(41, 240, 110)).toEqual([0, 0, 255]);
  });
});

describe('the clip of sprites', () => {
  const size = {height: 120, width: 160};
  const clip = openClip({clip: 'sprites', frames: 4}, size);
  const [still] = openClip({clip: 'camera', frames: 2}, size);
  const square = (y: number, x: number) => ({y, x, height: 24, width: 24});

  it('is two sprites over the first frame, and nothing else', () => {
    clip.forEach((frame, at) => {
      const places = [square(36 + 3 * at, 32 + 6 * at), square(84, 128 - 4 * at)];
      const sprites = Region.fromRects(size.height, size.width, places);
      const found = changed(still, frame);
      expect(found.union(sprites).area).toBe(sprites.area);
      expect(found.area).toBeGreaterThan(0.9 * sprites.area);
    });
  });

  it('has sprites that move, and come back on the other side', () => {
    const [first, second] = clip;
    expect(changed(first, second).area).toBeGreaterThan(24 * (6 + 3 + 4));
    const long = openClip({clip: 'sprites', frames: 81}, size);
    // After 80 frames both are where they were, but for the first one's rows: 240 of 120.
    expect(digest(long[80])).toBe(digest(long[0]));
  });
});

describe('a clip', () => {
  it('has the size asked for, and is the same each time', () => {
    for (const clip of ['camera', 'sprites'] as const) {
      const frames = openClip({clip, frames: 2}, {height: 40, width: 30});
      expect(frames.map(({height, width}) => [height, width])).toEqual([
        [40, 30],
        [40, 30],
      ]);
      expect(digests(openClip({clip, frames: 2}, {height: 40, width: 30}))).toEqual(digests(frames));
    }
  });
});

describe('a folder of pictures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'camera-clips-'));
  afterAll(() => rmSync(folder, {recursive: true}));

  const made = [2, 10, 1].map((number) => {
    const one = picture(16, 24, (y, x, c) => 8 * y + 4 * x + number * (c + 1));
    writeFileSync(join(folder, `${number}.png`), toPng(one));
    return one;
  });

  it('is a clip in the order of the names', () => {
    writeFileSync(join(folder, 'notes.txt'), 'no picture');
    expect(digests(openSource(folder, 80))).toEqual(digests([made[2], made[0], made[1]]));
    expect(digests(openSource(folder, 2))).toEqual(digests([made[2], made[0]]));
  });

  it('may hold JPEG files', () => {
    const data = Buffer.from(
      [...made[0].values].flatMap((value, i) => (i % 3 === 2 ? [value, 255] : [value])),
    );
    const file = encodeJpeg({data, height: 16, width: 24}, 95).data;
    const {height, width, values} = fromFile(file);
    expect([height, width]).toEqual([16, 24]);
    values.forEach((value, i) => expect(Math.abs(value - made[0].values[i])).toBeLessThan(16));
  });

  it('is refused where the pictures differ in size, are none, one or broken', () => {
    const other = mkdtempSync(join(tmpdir(), 'camera-clips-'));
    expect(() => openSource(other, 2)).toThrow(`There is no PNG or JPEG picture in ${other}.`);
    writeFileSync(join(other, 'a.png'), toPng(made[0]));
    expect(() => openClip({clip: 'camera', source: other, frames: 2}, made[0])).toThrow(
      `What changes is told from one frame to the next, and ${other} has 1 in all.`,
    );
    writeFileSync(join(other, 'b.png'), toPng(picture(8, 24, () => 0)));
    expect(() => openSource(other, 2)).toThrow('a.png has 24 × 16 pixels, and b.png 24 × 8.');
    writeFileSync(join(other, 'b.png'), 'no picture');
    expect(() => openSource(other, 2)).toThrow('b.png cannot be read as a picture');
    rmSync(other, {recursive: true});
  });
});

describe('a video', () => {
  it('needs ffmpeg, and says so', () => {
    const path = process.env.PATH;
    process.env.PATH = '';
    try {
      expect(() => openSource(__filename, 2)).toThrow(/needs ffprobe, which is not installed/);
    } finally {
      process.env.PATH = path;
    }
  });

  it('that is not there is refused', () => {
    expect(() => openSource('/no/such.avi', 2)).toThrow('There is no video /no/such.avi.');
  });
});
