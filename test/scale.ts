/**
 * How much of what is sampled a run takes, by REUSE_SCALE: `short`, the default, is `npm test`; `ci` is `.ci/run`; `long` is
 * `npm run test:long`, which takes everything. Fewer are random cases, frames, and sides that a case is tried on. Random
 * ones are drawn by fixed seeds, and the short ones are the first of the long.
 * To search elsewhere, REUSE_CASES asks for a number of cases, and REUSE_SEED for another seed:
 *
 *     REUSE_CASES=2000 REUSE_SEED=7 npx jest --selectProjects unit test/properties/exact
 */
const SCALES = ['short', 'ci', 'long'] as const;
export type Scale = (typeof SCALES)[number];

export const scale: Scale = scaleNamed(process.env['REUSE_SCALE'] ?? 'short');

/** What of these is taken in this run. */
export function atScale<T>(amounts: Readonly<Record<Scale, T>>): T {
  return amounts[scale];
}

/** How many cases fast-check draws, and from where. One number is for tests that are quick anyway. */
export function sample(cases: Readonly<Record<Scale, number>> | number): {numRuns: number; seed: number} {
  const own = typeof cases === 'number' ? cases : atScale(cases);
  return {numRuns: Number(process.env['REUSE_CASES'] ?? own), seed: Number(process.env['REUSE_SEED'] ?? 1)};
}

/** Of a list every so many-th, beginning with the first. */
export function every<T>(steps: Readonly<Record<Scale, number>>, list: readonly T[]): T[] {
  return list.filter((_, at) => at % atScale(steps) === 0);
}

/** Of cases that are tried on several sides, those whose turn it is on this one. In a short run each has one turn in three. */
export function turnOf<T, S>(cases: readonly T[], side: S, sides: readonly S[]): readonly T[] {
  const step = Math.min(sides.length, atScale({short: 3, ci: 1, long: 1}));
  return cases.length < step ? cases : cases.filter((_, at) => (at + sides.indexOf(side)) % step === 0);
}

function scaleNamed(name: string): Scale {
  const known = SCALES.find((one) => one === name);
  if (known) return known;
  throw new Error(`REUSE_SCALE is "${name}"; known are ${SCALES.join(', ')}.`);
}
