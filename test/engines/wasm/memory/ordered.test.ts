/** Ordered items against a sorted list; and how many comparisons they take, however they come and go. */
import * as fc from 'fast-check';
import {Ordered} from '../../../../src/engines/wasm/memory/ordered';
import {sample} from '../../../scale';

const byValue = (a: number, b: number) => a - b;

const steps = fc.array(fc.tuple(fc.constantFrom('add', 'delete', 'ask'), fc.integer({min: 0, max: 40})), {
  maxLength: 80,
});

test('the first that is not before an item is that of a sorted list', () => {
  fc.assert(
    fc.property(steps, (plan) => {
      const ordered = new Ordered<number>(byValue);
      const list = new Set<number>();
      for (const [what, item] of plan) {
        if (what === 'add' && !list.has(item)) {
          ordered.add(item);
          list.add(item);
        }
        if (what === 'delete' && list.delete(item)) ordered.delete(item);
        const from = [...list].filter((one) => one >= item).sort(byValue);
        expect(ordered.firstFrom(item)).toBe(from[0] ?? null);
      }
    }),
    sample({short: 200, ci: 1000, long: 5000}),
  );
});

/** Orders in which n items come and go. */
const orders: Record<string, (i: number, n: number) => number> = {
  rising: (i) => i,
  falling: (i, n) => n - 1 - i,
  'from both ends': (i, n) => (i % 2 === 0 ? i / 2 : n - (i + 1) / 2),
  'by leaps': (i, n) => (i * 619) % n,
};

describe.each(Object.keys(orders))('%s', (name) => {
  test.each([256, 4096])('%d items take some comparisons for each doubling of their number', (n) => {
    let [comparisons, most, found] = [0, 0, 0];
    const ordered = new Ordered<number>((a, b) => (comparisons++, a - b));
    const count = (work: () => void) => {
      const before = comparisons;
      work();
      most = Math.max(most, comparisons - before);
    };
    const items = Array.from({length: n}, (_, i) => orders[name](i, n));
    items.forEach((item) => count(() => ordered.add(item)));
    items.forEach((item) => count(() => void (found += ordered.firstFrom(item - 0.5) === item ? 1 : 0)));
    items.forEach((item) => count(() => ordered.delete(item)));
    expect(found).toBe(n);
    expect(ordered.firstFrom(-1)).toBeNull();
    expect(comparisons / (3 * n)).toBeLessThan(2 * Math.log2(n));
    expect(most).toBeLessThan(4 * Math.log2(n));
  });
});
