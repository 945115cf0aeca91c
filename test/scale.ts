/**
 * How much of what is sampled a run takes, by REUSE_SCALE: `short`, the default, is `npm test`; `ci` is `.ci/run`; `long` is
 * `npm run test:long`, which takes everything. Samples are drawn by fixed seeds, and the short ones are the first of the long.
 */
const SCALES = ['short', 'ci', 'long'] as const;
export type Scale = (typeof SCALES)[number];

export const scale: Scale = scaleNamed(process.env['REUSE_SCALE'] ?? 'short');

/** What of these is taken in this run. */
export function atScale<T>(amounts: Readonly<Record<Scale, T>>): T {
  return amounts[scale];
}

function scaleNamed(name: string): Scale {
  const known = SCALES.find((one) => one === name);
  if (known) return known;
  throw new Error(`REUSE_SCALE is "${name}"; known are ${SCALES.join(', ')}.`);
}
