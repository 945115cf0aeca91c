/** The row helpers on rows that lie between other rows: nothing outside the row may be read or written. */
import fc from 'fast-check';
import {lastSet, nextClear, nextSet, orShifted, popcount, setRange} from '../../src/region/bits';
import {randomNumbers} from './reference';
import {sample} from '../scale';

/** Three words of other rows, the row, three words of other rows; and the row's bits. */
interface Row {
  readonly words: Uint32Array;
  readonly bits: number[];
}

const START = 3;

const rows: fc.Arbitrary<Row> = fc
  .tuple(fc.integer({min: 1, max: 4}), fc.constantFrom(0, 0.03, 0.5, 0.97, 1), fc.nat())
  .map(([count, density, seed]) => {
    const random = randomNumbers(seed);
    const words = new Uint32Array(2 * START + count).map(() => (random() < 0.5 ? 0 : 0xffffffff));
    const bits = Array.from({length: 32 * count}, () => (random() < density ? 1 : 0));
    words.fill(0, START, START + count);
    bits.forEach((bit, x) => (words[START + (x >> 5)] |= bit << (x & 31)));
    return {words, bits};
  });

const ranges = fc
  .tuple(fc.double({min: 0, max: 1, noNaN: true}), fc.double({min: 0, max: 1, noNaN: true}))
  .map(([a, b]) => (length: number) => [
    Math.round(Math.min(a, b) * length),
    Math.round(Math.max(a, b) * length),
  ]);

function bitsOf(words: Uint32Array, count: number): number[] {
  return Array.from({length: 32 * count}, (_, x) => (words[START + (x >> 5)] >>> (x & 31)) & 1);
}

function around(words: Uint32Array): number[] {
  return [...words.slice(0, START), ...words.slice(-START)];
}

it('nextSet, nextClear and lastSet look at their columns and at no others', () => {
  fc.assert(
    fc.property(rows, ranges, ({words, bits}, range) => {
      const [from, end] = range(bits.length);
      const found = (bit: number) => {
        const at = bits.slice(from, end).indexOf(bit);
        return at < 0 ? end : from + at;
      };
      expect(nextSet(words, START, from, end)).toBe(found(1));
      expect(nextClear(words, START, from, end)).toBe(found(0));
      const last = bits.slice(from, end).lastIndexOf(1);
      expect(lastSet(words, START, from, end)).toBe(last < 0 ? -1 : from + last);
    }),
    sample(500),
  );
});

it('setRange sets its columns and no others', () => {
  fc.assert(
    fc.property(rows, ranges, ({words, bits}, range) => {
      const before = around(words);
      const [from, end] = range(bits.length);
      setRange(words, START, from, end);
      expect(bitsOf(words, bits.length / 32)).toEqual(bits.map((bit, x) => (x >= from && x < end ? 1 : bit)));
      expect(around(words)).toEqual(before);
    }),
    sample(100),
  );
});

it('orShifted moves a row either way, into another row or into itself', () => {
  fc.assert(
    fc.property(rows, rows, fc.integer({min: -140, max: 140}), fc.boolean(), (source, other, by, inPlace) => {
      const target = inPlace ? source : other;
      const before = around(target.words);
      const count = target.bits.length / 32;
      orShifted(target.words, START, count, source.words, START, source.bits.length / 32, by);
      expect(bitsOf(target.words, count)).toEqual(
        target.bits.map((bit, x) => bit | (source.bits[x - by] ?? 0)),
      );
      expect(around(target.words)).toEqual(before);
    }),
    sample(1000),
  );
});

it('popcount counts the bits of any word', () => {
  fc.assert(
    fc.property(fc.integer({min: 0, max: 0xffffffff}), (word) => {
      const ones = word.toString(2).replaceAll('0', '').length;
      expect(popcount(word)).toBe(ones);
      expect(popcount(word | 0)).toBe(ones);
    }),
    sample(100),
  );
});
