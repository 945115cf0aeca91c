/** The noise that a clip's frames show, the gates that shut it out, and more of it. */
import type {InputThreshold} from '../region';
import type {FrameValues} from './source';

/** Values of a pair of frames that are looked at. */
const SAMPLES = 50_000;
/** The median of |x| for a difference of two values with noise of standard deviation 1 each. */
const MEDIAN_OF_DIFFERENCE = 0.67449 * Math.SQRT2;

/** The smaller differences, and the RMS of these of a normal distribution with standard deviation 1. */
const CALM = 0.9;
const RMS_OF_CALM = 0.789;

/** In standard deviations of a difference of two frames. */
const ALONE = [2, 3, 4, 6, 9, 14];
const CROWDED = [1.5, 2, 3, 4, 6];
const GROWN = [3, 4, 6, 9, 14];
/** Quantiles of what moves, where noise does not show. */
const MOVED = [0.5, 0.75, 0.9];
const MOVED_GROWN = [0.75, 0.9, 0.95, 0.98];
/** A change grows by this share of the frame's shorter side: what moves is seldom smaller. */
const GROWS = 1 / 64;

function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** |next − previous|, sorted, of values spread over the frame. */
export function differences(previous: Float32Array, next: Float32Array): Float64Array {
  const step = Math.max(1, Math.floor(next.length / SAMPLES));
  const found = new Float64Array(Math.ceil(next.length / step));
  for (let i = 0, at = 0; i < next.length; i += step) found[at++] = Math.abs(next[i] - previous[i]);
  return found.sort();
}

/**
 * The standard deviation of the noise.
 * @param pairs the sorted differences of pairs of neighbouring frames
 */
export function noiseOf(pairs: readonly Float64Array[]): number {
  return medianNoise(pairs) || calmNoise(pairs);
}

/**
 * Most of a frame stands still, so that the median difference is noise; and where the camera moves now and then, the
 * calmer pairs of frames tell.
 */
function medianNoise(pairs: readonly Float64Array[]): number {
  return calmest(pairs, (sorted) => quantile(sorted, 0.5)) / MEDIAN_OF_DIFFERENCE;
}

/** Where a codec has most values stand still to the bit, the median says nothing: the calmer nine tenths of all do. */
function calmNoise(pairs: readonly Float64Array[]): number {
  const rms = (sorted: Float64Array) => {
    const calm = sorted.subarray(0, Math.ceil(sorted.length * CALM));
    return Math.sqrt(calm.reduce((sum, value) => sum + value * value, 0) / Math.max(1, calm.length));
  };
  return calmest(pairs, rms) / (RMS_OF_CALM * Math.SQRT2);
}

/** What a measure says of the calmer pairs: its lower quartile. */
function calmest(pairs: readonly Float64Array[], measure: (sorted: Float64Array) => number): number {
  return pairs.length === 0 ? 0 : quantile(Float64Array.from(pairs, measure).sort(), 0.25);
}

/**
 * Gates to try, in ladders from the finest to the coarsest: by pixel alone; with a look at neighbours; and coarse ones
 * that take in all that is around what passes, so that the faint rim of what moves is not left behind.
 * @param side pixels of the frame's shorter side
 */
export function gatesFor(pairs: readonly Float64Array[], side: number): InputThreshold[][] {
  const grow = Math.max(1, Math.round(side * GROWS));
  const crowded = (value: number) => ({value, neighbours: 2, grow: 1});
  const grown = (value: number) => ({value, neighbours: 2, grow});
  const noise = medianNoise(pairs);
  if (noise > 0) {
    const of = (times: number) => rounded(times * noise * Math.SQRT2);
    return [
      ALONE.map(of),
      CROWDED.map((times) => crowded(of(times))),
      GROWN.map((times) => grown(of(times))),
    ];
  }
  // Most values stand still to the bit: what moves little is all that a gate could shut out.
  const moved = Float64Array.from(
    pairs.flatMap((sorted) => Array.from(sorted).filter((value) => value > 0)),
  ).sort();
  if (moved.length === 0) return [];
  const of = (shares: readonly number[]) => [
    ...new Set(shares.map((share) => rounded(quantile(moved, share)))),
  ];
  return [of(MOVED), of(MOVED).map(crowded), of(MOVED_GROWN).map(grown)];
}

/** Gates of a caller, in ladders: those that differ in their value alone, by that. */
export function laddersOf(gates: readonly InputThreshold[]): InputThreshold[][] {
  const valueOf = (gate: InputThreshold) => (typeof gate === 'number' ? gate : gate.value);
  const ladders = new Map<string, InputThreshold[]>();
  for (const gate of gates) {
    const kind = typeof gate === 'number' ? '0 0' : `${gate.neighbours ?? 0} ${gate.grow ?? 0}`;
    ladders.set(kind, [...(ladders.get(kind) ?? []), gate]);
  }
  return [...ladders.values()].map((ladder) => ladder.sort((a, b) => valueOf(a) - valueOf(b)));
}

/** Four digits: more would be pretence, and long to read. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** A frame with normally distributed noise added, another one for each seed. */
export function withNoise(inputs: readonly FrameValues[], noise: number, seed: number): FrameValues[] {
  const next = randomNumbers(seed);
  return inputs.map(({values, ...rest}) => {
    const noisy = values.map((value) => value + noise * normal(next));
    return {...rest, values: rest.isWhole ? noisy.map(Math.round) : noisy};
  });
}

function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Numbers in [0, 1), the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
