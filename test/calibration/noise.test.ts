/** What is made of the noise in frames. */
import type {InputThreshold} from '../../src';
import {gatesFor, laddersOf, noiseOf, pairOf, withNoise} from '../../src/calibration/noise';
import {cameraClip, normals, wildClip} from './clip';
import {CODED_NOISE, LEVEL, codedFilm, exactFilm} from './codec';

const noiseIn = (clip: Float32Array[]) => noiseOf(clip.slice(1).map((frame, t) => pairOf(clip[t], frame)));
const valueOf = (gate: InputThreshold) => (typeof gate === 'number' ? gate : gate.value);

test.each([0.01, 0.05, 3])('noise of %p is found within a tenth of it, though something moves', (noise) => {
  const found = noiseIn(cameraClip(8, noise));
  expect(Math.abs(found.size - noise)).toBeLessThan(noise / 10);
  expect(found).toMatchObject({share: 1, isDecoded: false});
});

test('pairs in which the camera moves do not hide the noise of the others', () => {
  const clip = cameraClip(8, 0.05);
  clip[3] = clip[3].map((value) => value + 1);
  expect(Math.abs(noiseIn(clip).size - 0.05)).toBeLessThan(0.005);
});

describe('decoded video, most of which stands still to the bit', () => {
  const film = codedFilm(20);

  test('has the noise of the values that are coded anew, and not of those that move', () => {
    const {size, share, isDecoded} = noiseIn(film);
    expect(isDecoded).toBe(true);
    expect(size / CODED_NOISE).toBeGreaterThan(0.7);
    expect(size / CODED_NOISE).toBeLessThan(1.3);
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.5);
  });

  test('has it in any units', () => {
    const {size, share} = noiseIn(film);
    const other = noiseIn(film.map((frame) => frame.map((value) => 255 * value - 100)));
    expect(other.size / size).toBeCloseTo(255, 1);
    expect(other.share).toBeCloseTo(share, 3);
  });

  test('has gates that shut out such jumps and nothing that moves by more', () => {
    const gates = gatesFor(noiseIn(film), 64).flat().map(valueOf);
    expect(Math.min(...gates)).toBeLessThan(3 * LEVEL);
    expect(Math.max(...gates)).toBeGreaterThan(4 * LEVEL);
    expect(Math.max(...gates)).toBeLessThan(16 * LEVEL);
  });

  test('has it where values differ by noise of another kind', () => {
    const still = normals(20_000, 1);
    const noisy = [2, 3, 4, 5].map((seed) => {
      const noise = normals(still.length, seed);
      return still.map((value, i) => value + (i % 3 === 0 ? 0.1 * noise[i] : 0));
    });
    const {size, share} = noiseIn(noisy);
    expect(Math.abs(size - 0.1)).toBeLessThan(0.04);
    expect(Math.abs(share - 1 / 3)).toBeLessThan(0.1);
  });
});

test.each([
  ['what moves over a still background', exactFilm(12)],
  ['what moves over a camera without noise', cameraClip(8, 0)],
  ['one frame again and again', exactFilm(1).flatMap((frame) => [frame, frame.slice()])],
])('%s is no noise, and there are no gates to try', (_what, clip) => {
  const noise = noiseIn(clip);
  expect(noise).toEqual({size: 0, share: 0, isDecoded: false});
  expect(gatesFor(noise, 64)).toEqual([]);
});

test('where every value is new, that is noise like any other', () => {
  expect(noiseIn(wildClip(6)).share).toBe(1);
});

test('gates go up in each ladder, alone and with neighbours', () => {
  const [alone, crowded, grown] = gatesFor(noiseIn(cameraClip(8, 0.1)), 640);
  expect(alone.every((gate, i) => typeof gate === 'number' && (i === 0 || gate > Number(alone[i - 1])))).toBe(
    true,
  );
  expect(crowded.every((gate) => typeof gate === 'object' && gate.neighbours === 2 && gate.grow === 1)).toBe(
    true,
  );
  expect(grown.every((gate) => typeof gate === 'object' && gate.neighbours === 2 && gate.grow === 10)).toBe(
    true,
  );
});

test("a caller's gates are sorted into ladders by what they ask of neighbours", () => {
  expect(
    laddersOf([3, {value: 2, neighbours: 1}, 1, {value: 1, neighbours: 1}, {value: 2, grow: 0}]),
  ).toEqual([
    [1, {value: 2, grow: 0}, 3],
    [
      {value: 1, neighbours: 1},
      {value: 2, neighbours: 1},
    ],
  ]);
});

test('noise that is added has the size asked for, another pattern each time, and whole numbers stay whole', () => {
  const still = {values: new Float32Array(5000).fill(10), shape: [1, 5000], isWhole: false};
  const [first, again, other] = [1, 1, 2].map(
    (seed) => withNoise([still], {size: 2, share: 1}, seed)[0].values,
  );
  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
  const mean = first.reduce((sum, value) => sum + value, 0) / 5000;
  const variance = first.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 5000;
  expect(Math.abs(mean - 10)).toBeLessThan(0.1);
  expect(Math.abs(Math.sqrt(variance) - 2)).toBeLessThan(0.1);
  const [whole] = withNoise([{...still, isWhole: true}], {size: 2, share: 1}, 1);
  expect(whole.values.every(Number.isInteger)).toBe(true);
});

test('noise goes to as many of the values as asked for', () => {
  const still = {values: new Float32Array(5000).fill(10), shape: [1, 5000], isWhole: false};
  const [{values}] = withNoise([still], {size: 2, share: 0.2}, 1);
  const noisy = values.filter((value) => value !== 10);
  expect(Math.abs(noisy.length / 5000 - 0.2)).toBeLessThan(0.03);
  const variance = noisy.reduce((sum, value) => sum + (value - 10) ** 2, 0) / noisy.length;
  expect(Math.abs(Math.sqrt(variance) - 2)).toBeLessThan(0.2);
});
