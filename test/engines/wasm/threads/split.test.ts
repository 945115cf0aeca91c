/** Chunks: a list is cut into few of them, none of which breaks up a kernel's groups. */
import * as fc from 'fast-check';
import {MOST_CHUNKS} from '../../../../src/engines/wasm/threads/control';
import {chunkOf} from '../../../../src/engines/wasm/threads/split';

test('chunks are whole groups, and no more than a ticket counts', () => {
  fc.assert(
    fc.property(
      fc.integer({min: 1, max: 1 << 30}),
      fc.integer({min: 2, max: 64}),
      fc.double({min: 1e-9, max: 10, noNaN: true}),
      fc.constantFrom(1, 4, 8),
      (n, threads, itemMs, unit) => {
        const chunk = chunkOf(n, threads, itemMs, unit);
        expect(chunk % (unit === 4 ? 12 : unit)).toBe(0);
        expect(chunk).toBeGreaterThan(0);
        expect(Math.ceil(n / chunk)).toBeLessThanOrEqual(MOST_CHUNKS);
      },
    ),
  );
});

test('each thread gets some chunks of a long list', () => {
  expect(Math.ceil(8034 / chunkOf(8034, 2, 0.005, 4))).toBe(12);
});

test('what takes little is not cut small', () => {
  expect(chunkOf(100, 2, 0.004, 4)).toBe(12);
  expect(chunkOf(100_000, 2, 1e-7, 4)).toBeGreaterThan(10_000);
});
