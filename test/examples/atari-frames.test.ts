import {GAMES} from '../../examples/atari/games';
import {inputPlane, preprocessor} from '../../examples/atari/preprocess';
import {openRecording} from '../../examples/atari/recording';
import {sampleFrames, stretches} from '../../examples/atari/sample';
import {recordingOf} from './recordings';

const same = (a: Float32Array, b: Float32Array) => a.every((value, i) => value === b[i]);

describe('preprocessing', () => {
  const palette = {0: [0, 0, 0], 1: [200, 1, 2], 2: [30, 100, 200]} as const;

  it('takes the red channel of every 2nd row and column, not scaled', () => {
    const screen = Uint8Array.from([1, 0, 2, 0, 0, 0, 0, 0, 2, 0, 1, 0]);
    const frame = preprocessor({height: 3, width: 4, palette}, 2)(screen);
    expect(frame).toEqual(Float32Array.from([200, 30, 30, 200]));
  });

  it('takes every 4th, of which the last may have fewer than 4 behind it', () => {
    const screen = new Uint8Array(6 * 5);
    screen[0] = 1;
    screen[4 * 5 + 4] = 2;
    const frame = preprocessor({height: 6, width: 5, palette}, 4)(screen);
    expect(frame).toEqual(Float32Array.from([200, 0, 0, 30]));
  });

  it("has the paper's sizes for whole screens", () => {
    expect(inputPlane({height: 210, width: 160}, 2)).toEqual({height: 105, width: 80});
    expect(inputPlane({height: 210, width: 160}, 4)).toEqual({height: 53, width: 40});
  });

  it('gives every frame an array of its own', () => {
    const preprocess = preprocessor({height: 1, width: 1, palette}, 2);
    const one = preprocess(Uint8Array.of(1));
    preprocess(Uint8Array.of(2));
    expect(one[0]).toBe(200);
  });
});

describe('stretches', () => {
  it('is the whole recording where as many or more steps are asked for', () => {
    expect(stretches(3000, 3000)).toEqual([{from: 0, to: 3000}]);
    expect(stretches(20, 3000)).toEqual([{from: 0, to: 20}]);
  });

  it('lies in the middle where there are too few for more than one', () => {
    expect(stretches(3000, 3)).toEqual([{from: 1498, to: 1501}]);
  });

  it('are 4 where there are enough for 4 screens each', () => {
    expect(stretches(3000, 20)).toEqual([
      {from: 372, to: 377},
      {from: 1122, to: 1127},
      {from: 1872, to: 1877},
      {from: 2622, to: 2627},
    ]);
  });

  it.each([2, 3, 51, 99, 100, 101, 200, 1499, 2951, 2999])('has %d screens that do not overlap', (steps) => {
    const all = stretches(3000, steps);
    expect(all.reduce((sum, {from, to}) => sum + to - from, 0)).toBe(steps);
    all.forEach(({from, to}, i) => {
      expect(to - from).toBeGreaterThanOrEqual(2);
      expect(to - from).toBeLessThanOrEqual(50);
      expect(from).toBeGreaterThanOrEqual(i === 0 ? 0 : all[i - 1].to);
      expect(to).toBeLessThanOrEqual(3000);
    });
  });
});

describe('sampled frames', () => {
  it('are those of the stretches, with their beginnings marked', () => {
    const screens = Array.from({length: 200}, (_, t) => Uint8Array.of(t));
    const recording = recordingOf(screens, {height: 1, width: 1});
    const frames = [...sampleFrames(recording, 2, stretches(200, 60))];
    const expected = stretches(200, 60).flatMap(({from, to}) =>
      Array.from({length: to - from}, (_, i) => ({pixels: Float32Array.of(255 - from - i), first: i === 0})),
    );
    expect(frames).toEqual(expected);
  });

  it.each(GAMES)('move in %s', (game) => {
    const frames = [...sampleFrames(openRecording(game), 4, stretches(3000, 20))];
    expect(frames).toHaveLength(20);
    expect(frames[0].pixels).toHaveLength(53 * 40);
    const moves = frames.some(({pixels, first}, i) => !first && !same(pixels, frames[i - 1].pixels));
    expect(moves).toBe(true);
  });
});
