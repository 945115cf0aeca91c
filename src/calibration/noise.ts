/** The noise that a clip's frames show, the gates that shut it out, and more of it. */
import type {InputThreshold} from '../region';
import type {FrameValues} from './source';

/** Values of a pair of frames that are looked at. */
const SAMPLES = 50_000;
/** The median of |x| for a difference of two values with noise of standard deviation 1 each. */
const MEDIAN_OF_DIFFERENCE = 0.67449 * Math.SQRT2;

/** Steps of gates, in standard deviations of a difference of two frames that a sensor's noise makes. */
const SENSOR = {alone: [2, 3, 4, 6, 9, 14], crowded: [1.5, 2, 3, 4, 6], grown: [3, 4, 6, 9, 14]};
/**
 * The same where a codec has most values stand still to the bit. Of the jumps that remain where nothing moves, all but one in
 * a thousand or so are within the last of these: what a higher gate would shut out is no noise.
 */
const CODEC = {alone: [1, 2, 3, 4.5, 6], crowded: [1, 2, 3, 4.5], grown: [2, 3, 4.5, 6]};
/** A change grows by this share of the frame's shorter side: what moves is seldom smaller. */
const GROWS = 1 / 64;

/** A codec's jumps end where so few are up to twice as large, in shares of all below. What moves has no such end. */
const FEW = 1 / 4;
const OCTAVE_PART = Math.SQRT2;
/** The end is looked for from this quantile of all jumps on, for the smallest may be few; and from a little above it: values are rounded. */
const SMALLEST = 0.1;
const LITTLE_ABOVE = 1.1;
/** A codec's jumps are this share of the span of values at most, 5 grey levels of 255; those of what moves are more. */
const MOST_OF_SPAN = 1 / 50;

/** What a pair of frames shows. */
export interface FramePair {
  /** |next − previous|, sorted, of values spread over the frame. */
  readonly sorted: Float64Array;
  /** The smallest and the largest of these values. */
  readonly least: number;
  readonly most: number;
}

export interface Noise {
  /** Its standard deviation in a frame, of the values that have any; 0 where there is none. */
  readonly size: number;
  /** The share of values that differ by it from frame to frame: a sensor's all, a codec's some. */
  readonly share: number;
  /** Whether most values stand still to the bit, and the others jump by little, as in decoded video. */
  readonly isDecoded: boolean;
}

export const NO_NOISE: Noise = {size: 0, share: 0, isDecoded: false};

function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function pairOf(previous: Float32Array, next: Float32Array): FramePair {
  const step = Math.max(1, Math.floor(next.length / SAMPLES));
  const sorted = new Float64Array(Math.ceil(next.length / step));
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0, at = 0; i < next.length; i += step) {
    sorted[at++] = Math.abs(next[i] - previous[i]);
    least = Math.min(least, next[i]);
    most = Math.max(most, next[i]);
  }
  return {sorted: sorted.sort(), least, most};
}

/** @param pairs of neighbouring frames */
export function noiseOf(pairs: readonly FramePair[]): Noise {
  const size = sensorNoise(pairs);
  return size > 0 ? {size, share: 1, isDecoded: false} : codecNoise(pairs);
}

/**
 * Most of a frame stands still, so that the median difference is noise; and where the camera moves now and then, the
 * calmer pairs of frames tell: their lower quartile.
 */
function sensorNoise(pairs: readonly FramePair[]): number {
  if (pairs.length === 0) return 0;
  const medians = Float64Array.from(pairs, ({sorted}) => quantile(sorted, 0.5)).sort();
  return quantile(medians, 0.25) / MEDIAN_OF_DIFFERENCE;
}

/**
 * Where a codec has most values stand still to the bit, the median says nothing: the values that jump do, up to where there
 * is a gap between the small jumps of blocks that were coded anew and the large ones of what moves. Where that is not
 * found, or far up, all that jumps has moved.
 */
function codecNoise(pairs: readonly FramePair[]): Noise {
  const jumps = Float64Array.from(
    pairs.flatMap(({sorted}) => [...sorted.filter((value) => value > 0)]),
  ).sort();
  if (jumps.length === 0) return NO_NOISE;
  const upTo = (size: number) => jumps.filter((value) => value <= size).length;
  let end = LITTLE_ABOVE * quantile(jumps, SMALLEST);
  while (upTo(2 * end) > (1 + FEW) * upTo(end)) end *= OCTAVE_PART;
  const small = jumps.subarray(0, upTo(end));
  const rms = Math.sqrt(small.reduce((sum, value) => sum + value * value, 0) / small.length);
  const span = Math.max(...pairs.map(({most}) => most)) - Math.min(...pairs.map(({least}) => least));
  if (!(rms <= span * MOST_OF_SPAN)) return NO_NOISE;
  const values = pairs.reduce((sum, {sorted}) => sum + sorted.length, 0);
  return {size: rms / Math.SQRT2, share: small.length / values, isDecoded: true};
}

/**
 * Gates to try, in ladders from the finest to the coarsest: by pixel alone; with a look at neighbours; and coarse ones
 * that take in all that is around what passes, so that the faint rim of what moves is not left behind. None without noise.
 * @param side pixels of the frame's shorter side
 */
export function gatesFor({size, isDecoded}: Noise, side: number): InputThreshold[][] {
  if (size === 0) return [];
  const grow = Math.max(1, Math.round(side * GROWS));
  const {alone, crowded, grown} = isDecoded ? CODEC : SENSOR;
  const of = (times: number) => rounded(times * size * Math.SQRT2);
  return [
    alone.map(of),
    crowded.map((times) => ({value: of(times), neighbours: 2, grow: 1})),
    grown.map((times) => ({value: of(times), neighbours: 2, grow})),
  ];
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

/** A frame with normally distributed noise added to that share of its values, other ones for each seed. */
export function withNoise(
  inputs: readonly FrameValues[],
  {size, share}: Pick<Noise, 'size' | 'share'>,
  seed: number,
): FrameValues[] {
  const next = randomNumbers(seed);
  const hasSome = () => share === 1 || next() < share;
  return inputs.map(({values, ...rest}) => {
    const noisy = values.map((value) => (hasSome() ? value + size * normal(next) : value));
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
