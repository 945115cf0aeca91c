/** Which of the settings that were found are taken: the best where it holds, else the cheapest that does. */
import type {Found, Settings} from '../../src/calibration/search';
import {EXACT} from '../../src/calibration/search';
import {MOST_CHOICES, finalize, type Judge} from '../../src/calibration/finalize';

const found = (cost: number, share: number, gate = 0): Found => ({
  agreement: 0.95,
  cost,
  settings: {gate, relative: new Map(share > 0 ? [['node', share]] : [])},
});

const exact: Found = {agreement: 1, cost: 1, settings: EXACT};
const shareOf = ({relative}: Settings) => relative.get('node') ?? 0;

/** Settings cost as much less as their threshold and gate are coarser. */
const costOf = (settings: Settings) => 1 / (1 + 10 * shareOf(settings) + (settings.gate as number));

const judgeBy =
  (holds: (settings: Settings) => boolean, seen: Settings[] = []): Judge =>
  async (settings) => {
    seen.push(settings);
    return holds(settings) ? {agreement: 0.96, macsShare: costOf(settings)} : null;
  };

test('the best is taken at once where it holds', async () => {
  const seen: Settings[] = [];
  const best = found(0.2, 0.4);
  const finalized = await finalize(
    [best, found(0.5, 0.1), exact],
    judgeBy(() => true, seen),
  );
  expect(finalized!.settings).toBe(best.settings);
  expect(seen).toHaveLength(1);
});

test('else the same in finer proportions, as soon as it holds', async () => {
  const finalized = await finalize(
    [found(0.2, 0.4), exact],
    judgeBy((settings) => shareOf(settings) < 0.3),
  );
  expect(shareOf(finalized!.settings)).toBeCloseTo(0.4 * 2 ** -0.5);
});

test('or another one, where it is cheaper than that', async () => {
  const others = [found(0.21, 0.39), found(0.25, 0.2, 1), found(0.9, 0.01)];
  const holds = (settings: Settings) => settings.gate === 1 || shareOf(settings) < 0.15;
  const seen: Settings[] = [];
  const finalized = await finalize([found(0.2, 0.4), ...others, exact], judgeBy(holds, seen));
  expect(finalized!.settings).toBe(others[1].settings);
  // The first is too near to the best, the last costs more than what holds already.
  expect(seen).not.toContain(others[0].settings);
  expect(seen).not.toContain(others[2].settings);
});

test('a gate alone is not made finer: others take its place', async () => {
  const [coarse, fine] = [found(0.2, 0, 4), found(0.5, 0, 1)];
  const finalized = await finalize(
    [coarse, fine, exact],
    judgeBy((settings) => settings === fine.settings),
  );
  expect(finalized!.settings).toBe(fine.settings);
});

test('nothing, where nothing holds, is found, or is more than exact', async () => {
  expect(
    await finalize(
      [found(0.2, 0.4), exact],
      judgeBy(() => false),
    ),
  ).toBeNull();
  expect(
    await finalize(
      [exact],
      judgeBy(() => true),
    ),
  ).toBeNull();
  expect(
    await finalize(
      [],
      judgeBy(() => true),
    ),
  ).toBeNull();
});

test('it says how many may follow, and never judges more', async () => {
  const lefts: number[] = [];
  const many = Array.from({length: 60}, (_, i) => found(0.01 * 1.06 ** i, 0.4));
  await finalize([...many, exact], async (_settings, left) => {
    lefts.push(left);
    return null;
  });
  expect(lefts[0]).toBe(MOST_CHOICES - 1);
  expect(lefts.at(-1)).toBeGreaterThanOrEqual(0);
  expect(lefts).toEqual(lefts.map((_, i) => MOST_CHOICES - 1 - i));
});
