import {existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {brotliCompressSync, gunzipSync, gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {decodeScreens, encodeScreens} from '../../examples/atari/delta';
import {findGame, GAMES} from '../../examples/atari/games';
import {
  openRecording,
  parseOriginal,
  parseShipped,
  RECORDINGS,
  toShipped,
} from '../../examples/atari/recording';
import {allScreens, recordingOf, spriteScreens, toOriginal} from './recordings';
import {every, sample} from '../scale';

const decoded = (screens: Uint8Array[], pixels: number) =>
  Array.from(decodeScreens(encodeScreens(screens, pixels), pixels), (screen) => screen.slice());

describe('coding of screens', () => {
  it('gives back any screens', () => {
    const colour = fc.integer({min: 0, max: 3});
    const anyScreens = fc
      .integer({min: 1, max: 300})
      .chain((pixels) =>
        fc.array(fc.uint8Array({minLength: pixels, maxLength: pixels}), {minLength: 1, maxLength: 6}),
      );
    fc.assert(
      fc.property(anyScreens, colour, (screens, few) => {
        const screensOfFew = screens.map((screen) =>
          screen.map((value) => (few === 0 ? value : value % (few + 1))),
        );
        expect(decoded(screensOfFew, screens[0].length)).toEqual(screensOfFew);
      }),
      sample(100),
    );
  });

  it('gives back runs and gaps of every length of number', () => {
    const pixels = 40_000;
    const one = new Uint8Array(pixels);
    one.fill(9, 127, 255);
    one.fill(9, 255 + 128, 20_000);
    one.fill(200, pixels - 1);
    const two = one.slice().fill(3, 0, 16_384);
    const screens = [new Uint8Array(pixels), one, two, two, new Uint8Array(pixels).fill(255)];
    expect(decoded(screens, pixels)).toEqual(screens);
  });

  it('writes a screen that stays in a few bytes, and one sprite alike wherever it is', () => {
    const {runs, colours} = encodeScreens([new Uint8Array(33_600), new Uint8Array(33_600)], 33_600);
    expect(runs.length).toBeLessThanOrEqual(8);
    expect(colours).toHaveLength(0);
  });

  it('takes a buffer that is refilled', () => {
    const buffer = new Uint8Array(4);
    function* refilled() {
      yield buffer.fill(1);
      yield buffer.fill(2);
    }
    const screens = decodeScreens(encodeScreens(refilled(), 4), 4);
    expect(Array.from(screens, (screen) => [...screen])).toEqual([
      [1, 1, 1, 1],
      [2, 2, 2, 2],
    ]);
  });
});

describe('forms of a recording', () => {
  const screens = spriteScreens(30, 42, 64);
  const recording = recordingOf(screens, {height: 42, width: 64});

  it('reads the original form', () => {
    const original = parseOriginal(toOriginal(recording));
    expect(original.header).toEqual(recording.header);
    expect(allScreens(original)).toEqual(screens);
  });

  it('turns the original form into the shipped one and loses nothing', () => {
    const shipped = parseShipped(toShipped(parseOriginal(toOriginal(recording))));
    expect(shipped.header).toEqual(recording.header);
    expect(allScreens(shipped)).toEqual(screens);
  });

  it('can be read twice, from the first screen each time', () => {
    const shipped = parseShipped(toShipped(recording));
    expect(allScreens(shipped)).toEqual(allScreens(shipped));
  });

  it('refuses a file that is cut short', () => {
    const whole = gunzipSync(toOriginal(recording));
    const cut = (bytes: number) => parseOriginal(gzipSync(whole.subarray(0, bytes)));
    expect(() => cut(whole.length - 1)).toThrow(/bytes should follow its header/);
    expect(() => cut(100)).toThrow('it is too short for its header.');
    expect(() => cut(3)).toThrow('it is too short for a header.');
  });

  it.each<[string, object, RegExp]>([
    ['no screens', {frames: 0}, /it has 0 screens, and 2 are the least/],
    ['one screen', {frames: 1}, /it has 1 screen, and 2 are the least/],
    ['screens that are not counted', {frames: '30'}, /does not say how many screens/],
    ['screens of a size in text', {height: '42'}, /does not say how large its screens are/],
    ['no actions', {actionCount: undefined}, /does not say how many actions/],
    ['no palette', {palette: undefined}, /has no palette/],
    ['an empty palette', {palette: {}}, /has no palette/],
    ['a palette of numbers', {palette: {0: 255}}, /has no palette/],
    ['no rewards', {rewards: undefined}, /should have 'rewards', one for each of its 30 screens/],
    ['too few ends', {dones: [0]}, /should have 'dones', one for each of its 30 screens/],
  ])('refuses a recording with %s, in either form', (_what, other, message) => {
    const spoilt = {...recording, header: {...recording.header, ...other}};
    expect(() => parseOriginal(toOriginal(spoilt))).toThrow(message);
    expect(() => parseShipped(toShipped(spoilt))).toThrow(message);
  });

  it.each(['null', '7', '"Pong"', 'Pong', ''])('refuses a header that is %j, in either form', (text) => {
    const json = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(json.length);
    const bytes = Buffer.concat([length, json]);
    expect(() => parseOriginal(gzipSync(bytes))).toThrow('its header is no JSON object.');
    expect(() => parseShipped(brotliCompressSync(bytes))).toThrow('its header is no JSON object.');
  });

  describe('in a folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'atari-'));
    afterAll(() => rmSync(folder, {recursive: true}));

    it('are found by the name of the game', () => {
      writeFileSync(join(folder, 'Pong.rec.gz'), toOriginal(recording));
      expect(allScreens(openRecording('Pong', folder))).toEqual(screens);
    });

    it('are missed by an error that says which and where', () => {
      expect(() => openRecording('Alien', folder)).toThrow(
        /no recording of Alien: cannot read .*Alien\.rec\.gz/,
      );
    });

    it('are refused where they are something else', () => {
      writeFileSync(join(folder, 'Hero.rec.gz'), 'hello');
      expect(() => openRecording('Hero', folder)).toThrow(/Hero\.rec\.gz is no recording: /);
    });
  });
});

describe('the recordings that come with the example', () => {
  it.each(every({short: 12, ci: 1, long: 1}, GAMES))(
    '%s: 3,000 whole screens, and as many actions, rewards and ends',
    (game) => {
      const {header, screens} = openRecording(game);
      expect(header).toMatchObject({game, frames: 3000, height: 210, width: 160});
      expect(header.actionCount).toBeGreaterThanOrEqual(3);
      for (const list of [header.actions, header.rewards, header.dones]) expect(list).toHaveLength(3000);
      const seen = new Uint8Array(256);
      let count = 0;
      for (const screen of screens()) {
        count++;
        if (screen.length !== 210 * 160) throw new Error(`Screen ${count} has ${screen.length} pixels.`);
        for (let i = count % 16; i < screen.length; i += 16) seen[screen[i]] = 1;
      }
      expect(count).toBe(3000);
      const unknown = [...seen.keys()].filter((index) => seen[index] && !(index in header.palette));
      expect(unknown).toEqual([]);
    },
  );

  it('weigh 4 MB together at most, and there are no others', () => {
    const files = readdirSync(RECORDINGS).filter((file) => file.endsWith('.rec.br'));
    expect(files.sort()).toEqual(GAMES.map((game) => `${game}.rec.br`).sort());
    const bytes = files.reduce((sum, file) => sum + statSync(join(RECORDINGS, file)).size, 0);
    expect(bytes).toBeLessThanOrEqual(4_000_000);
  });

  const originals = resolve(__dirname, '../../../shared/data/atari');
  (existsSync(originals) ? it : it.skip).each(['Breakout', 'BankHeist'] as const)(
    '%s: the same as the original, screen by screen',
    (game) => {
      const original = openRecording(game, originals);
      const shipped = openRecording(game);
      expect(shipped.header).toEqual(original.header);
      const screens = shipped.screens();
      let count = 0;
      for (const screen of original.screens()) {
        const next = screens.next();
        if (next.done || Buffer.compare(screen, next.value) !== 0)
          throw new Error(`Screen ${count} differs.`);
        count++;
      }
      expect(count).toBe(3000);
      expect(screens.next().done).toBe(true);
    },
  );
});

describe('findGame', () => {
  it('knows 24 games, in any case', () => {
    expect(new Set(GAMES).size).toBe(24);
    expect(findGame('mspacman')).toBe('MsPacman');
    expect(findGame('Tetris')).toBeUndefined();
  });
});
