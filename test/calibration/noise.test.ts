/** What is made of the noise in frames. */
import {differences, gatesFor, laddersOf, noiseOf, withNoise} from '../../src/calibration/noise';
import {cameraClip, normals} from './clip';

const pairsOf = (clip: Float32Array[]) => clip.slice(1).map((frame, t) => differences(clip[t], frame));

test.each([0.01, 0.05, 3])('noise of %p is found within a tenth of it, though something moves', (noise) => {
  const found = noiseOf(pairsOf(cameraClip(8, noise)));
  expect(Math.abs(found - noise)).toBeLessThan(noise / 10);
});

test('a clip without noise has none, and gates for what moved little', () => {
  const pairs = pairsOf(cameraClip(6, 0));
  expect(noiseOf(pairs)).toBe(0);
  const [ladder, crowded] = gatesFor(pairs, 64);
  expect(crowded).toEqual(ladder.map((value) => ({value, neighbours: 2, grow: 1})));
  expect(ladder.length).toBeGreaterThan(0);
  expect(ladder).toEqual([...ladder].sort((a, b) => Number(a) - Number(b)));
});

test('noise is found where a codec has most values stand still to the bit', () => {
  const still = normals(20_000, 1);
  const noisy = [2, 3, 4, 5].map((seed) => {
    const noise = normals(still.length, seed);
    return still.map((value, i) => value + (i % 3 === 0 ? 0.1 * noise[i] : 0));
  });
  const found = noiseOf(pairsOf(noisy));
  // A third of the values have noise of 0.1: of all, its root mean square is 0.058, and the calmer nine tenths have less.
  expect(found).toBeGreaterThan(0.02);
  expect(found).toBeLessThan(0.07);
});

test('a still clip has no gates to try', () => {
  const frame = normals(100, 1);
  expect(gatesFor(pairsOf([frame, frame.slice()]), 10)).toEqual([]);
});

test('pairs in which the camera moves do not hide the noise of the others', () => {
  const clip = cameraClip(8, 0.05);
  clip[3] = clip[3].map((value) => value + 1);
  expect(Math.abs(noiseOf(pairsOf(clip)) - 0.05)).toBeLessThan(0.005);
});

test('gates go up in each ladder, alone and with neighbours', () => {
  const [alone, crowded, grown] = gatesFor(pairsOf(cameraClip(8, 0.1)), 640);
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
  const [first, again, other] = [1, 1, 2].map((seed) => withNoise([still], 2, seed)[0].values);
  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
  const mean = first.reduce((sum, value) => sum + value, 0) / 5000;
  const variance = first.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 5000;
  expect(Math.abs(mean - 10)).toBeLessThan(0.1);
  expect(Math.abs(Math.sqrt(variance) - 2)).toBeLessThan(0.1);
  const [whole] = withNoise([{...still, isWhole: true}], 2, 1);
  expect(whole.values.every(Number.isInteger)).toBe(true);
});
