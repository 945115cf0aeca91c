/** Numbers that look random and are the same for the same seed, so that two runs can be compared (mulberry32). */
export type Random = () => number;

/** @returns a generator of numbers from 0 to below 1; several seeds make one that has nothing to do with either */
export function randomFrom(...seeds: readonly number[]): Random {
  let state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) + 0x85ebca6b, 0x27d4eb2f);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An index, drawn with these probabilities. */
export function draw(probabilities: ArrayLike<number>, random: Random): number {
  let left = random();
  for (let i = 0; i < probabilities.length - 1; i++) {
    left -= probabilities[i];
    if (left < 0) return i;
  }
  return probabilities.length - 1; // also where rounding leaves the sum below 1
}

/** A whole number from 0 to below `count`. */
export const below = (count: number, random: Random): number => Math.floor(random() * count);
