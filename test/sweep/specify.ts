/**
 * The sweep as tests: of each backend a sample of the table, as large as the run is, and combinations that once were wrong.
 * In a short run each combination has its turn on one backend. A failure prints names; `REUSE_SWEEP='<name>'` runs the combinations
 * alone that have this in their name, on all backends. No test.
 */
import {atScale, turnOf, type Scale} from '../scale';
import {KEPT} from './kept';
import {faultOf, type EngineChoice} from './play';
import {combinationNamed, sampleOf, type Combination, type Entry} from './table';

/** The share of the table that is taken beside what has every choice among it. */
const SHARE = {short: 0, ci: 0.06, long: 1} as const;

const only = process.env['REUSE_SWEEP'];

/** What of a table is tried in this run. */
function sampled(entries: readonly Entry[], shares: Readonly<Record<Scale, number>>): Combination[] {
  if (only === undefined) return entries.flatMap((entry) => sampleOf(entry, atScale(shares)));
  return entries.flatMap((entry) => sampleOf(entry, 1)).filter(({name}) => name.includes(only));
}

/** Those of a list of names that are in a table. */
const keptOf = (entries: readonly Entry[], names: readonly string[]): Combination[] =>
  names
    .filter((name) => entries.some((entry) => name.startsWith(`${entry.name} `)))
    .map((name) => combinationNamed(entries, name));

export interface SweepOptions {
  readonly shares?: Readonly<Record<Scale, number>>;
  readonly engines?: readonly EngineChoice[];
}

/**
 * On each backend, with each engine: what the model itself gives, from scratch and after an edit.
 * @param options where a backend is slow, less than is usual
 */
export function specifySweep<B extends string>(
  entries: readonly Entry[],
  backends: readonly B[],
  useBackend: (name: B) => Promise<void>,
  {shares = SHARE, engines = ['auto', 'tfjs']}: SweepOptions = {},
): void {
  const combinations = sampled(entries, shares);
  const kept = keptOf(entries, KEPT);
  describe.each(backends)('on %s', (backend) => {
    const fitting = (all: readonly Combination[]) =>
      all.filter(({tried}) => !tried.brokenOn.includes(backend));
    const turn = only === undefined ? turnOf(combinations, backend, backends) : combinations;
    const [some, known] = [fitting(turn), fitting(kept)];
    beforeAll(async () => {
      await useBackend(backend);
      // tfjs warns of ops that it would rather have called otherwise.
      jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    });
    afterAll(() => jest.restoreAllMocks());

    it(`${known.length} combinations that were wrong once give what the model gives`, () =>
      expectNoFaults(known, engines));

    it(
      `${some.length} combinations of the table give what the model gives`,
      () => expectNoFaults(some, engines),
      3_600_000,
    );
  });
}

async function expectNoFaults(
  combinations: readonly Combination[],
  engines: readonly EngineChoice[],
): Promise<void> {
  const faults: string[] = [];
  for (const combination of combinations) {
    const fault = await faultOf(combination, engines);
    if (fault !== null) faults.push(`${combination.name}: ${fault}`);
  }
  expect(faults).toEqual([]);
}
