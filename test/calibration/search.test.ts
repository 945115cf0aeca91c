/** The search by itself: trials are answered by formulas, and what it chooses is looked at. */
import * as fc from 'fast-check';
import {search, type Settings} from '../../src/calibration/search';
import {sample} from '../scale';

const valueOf = ({gate}: Settings) => (typeof gate === 'number' ? gate : gate.value);
const sharesOf = ({relative}: Settings) => [...relative.values()];

/** A made-up model: gates save up to half, and so does each node in proportion; each costs agreement. */
function answer(settings: Settings, weights: Readonly<Record<string, number>>) {
  let [cost, loss] = [1 - 0.5 * Math.min(1, valueOf(settings)), 0.02 * valueOf(settings)];
  for (const [name, share] of settings.relative) {
    cost -= 0.02 * weights[name] * Math.min(1, share / 0.04);
    loss += share / 10;
  }
  return {cost: Math.max(0.01, cost), agreement: 1 - loss};
}

const GROUPS = [['a', 'b'], ['c'], ['d', 'e']];

async function run(atLeast: number, weights = {a: 1, b: 1, c: 1, d: 1, e: 1}) {
  const tried: Settings[] = [];
  const lefts: number[] = [];
  const found = await search(
    {gates: [[0.25, 0.5, 1, 2]], groups: GROUPS, atLeast},
    async (_, settings, left) => {
      tried.push(settings);
      lefts.push(left);
      return answer(settings, weights);
    },
  );
  return {found, tried, lefts};
}

test('everything found holds, finer settings follow coarser ones, and the exact ones come last', async () => {
  await fc.assert(
    fc.asyncProperty(fc.double({min: 0.8, max: 1, noNaN: true}), async (atLeast) => {
      const {found} = await run(atLeast);
      expect(found.every(({agreement}) => agreement >= atLeast)).toBe(true);
      const costs = found.map(({cost}) => cost);
      expect(costs).toEqual([...costs].sort((a, b) => a - b));
      expect(found.at(-1)!.settings).toEqual({gate: 0, relative: new Map()});
    }),
    sample(100),
  );
});

test('what is left to try is never more than was said, and at last nothing', async () => {
  for (const atLeast of [0.8, 0.9, 0.97, 0.99, 0.999, 1]) {
    const {lefts} = await run(atLeast);
    lefts.reduce((before, left) => {
      expect(left).toBeLessThan(before);
      return left;
    });
    expect(lefts.length + lefts.at(-1)!).toBeGreaterThanOrEqual(lefts.length);
    expect(lefts.every((left, i) => left >= lefts.length - 1 - i)).toBe(true);
  }
});

test('a ladder is left where it fails first', async () => {
  const {tried} = await run(0.995);
  const gates = tried.filter(({relative}) => relative.size === 0).map(valueOf);
  expect(gates).toEqual([0, 0.25, 0.5]);
});

test('with room for everything, it takes the coarsest gate that saves and thresholds on what pays', async () => {
  const {found} = await run(0.5, {a: 1, b: 0, c: 0, d: 2, e: 0});
  const {settings} = found[0];
  expect(valueOf(settings)).toBe(1);
  expect([...settings.relative.keys()].sort()).toEqual(['a', 'b', 'd', 'e']);
});

test('with no room at all, the exact settings are all there is', async () => {
  const {found} = await run(1);
  expect(found).toHaveLength(1);
  expect(sharesOf(found[0].settings)).toEqual([]);
});

test('where not even the exact settings hold, nothing is found and nothing else is tried', async () => {
  const tried: Settings[] = [];
  const found = await search({gates: [[1]], groups: GROUPS, atLeast: 0.9}, async (_, settings) => {
    tried.push(settings);
    return {agreement: 0.5, cost: 1};
  });
  expect(found).toEqual([]);
  expect(tried).toHaveLength(1);
});

test('thresholds are tried on a finer gate where the coarsest leaves no room for them', async () => {
  const {found} = await search({gates: [[1]], groups: [['a']], atLeast: 0.9}, async (_, {gate, relative}) => {
    const share = relative.get('a') ?? 0;
    // The gate uses up what is allowed and saves a little; thresholds alone save a lot.
    return {
      agreement: 1 - 0.1 * Number(gate) - share,
      cost: 1 - 0.1 * Number(gate) - 5 * Math.min(share, 0.08),
    };
  }).then((list) => ({found: list[0]}));
  expect(found.settings.gate).toBe(0);
  expect(found.settings.relative.get('a')).toBeGreaterThanOrEqual(0.08);
});

test('thresholds for all rise from front to back', async () => {
  const {tried} = await run(0.9);
  const common = tried.find(({relative}) => relative.size === 5)!;
  const [a, b, c, d, e] = sharesOf(common);
  expect([a, d]).toEqual([b, e]);
  expect(c / a).toBeCloseTo(d / c);
  expect(d / a).toBeCloseTo(10);
});
