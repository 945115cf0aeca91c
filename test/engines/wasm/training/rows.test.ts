/** The rows of a cut point: all that were kept, in order, whatever buffer was asked for and given up in between. */
import * as fc from 'fast-check';
import {Rows} from '../../../../src/engines/wasm/training/rows';
import {sample} from '../../../scale';

/** What a recording does with a frame's row: writes and keeps it, gives it up, or has the last one once more. */
type Step = 'keep' | 'give up' | 'repeat';

const steps = fc.array(fc.constantFrom<Step[]>('keep', 'keep', 'repeat', 'give up'), {
  minLength: 1,
  maxLength: 40,
});

/** Rows, and beside them what they should be. */
class Checked {
  readonly rows: Rows;
  readonly #expected: number[][] = [];
  #next = 1;

  constructor(readonly size: number) {
    this.rows = new Rows(size);
  }

  take(step: Step): void {
    const {rows} = this;
    const grown = rows.bytes + rows.growth;
    if (step === 'repeat' && this.#expected.length > 0) {
      rows.repeat();
      this.#expected.push(this.#expected[this.#expected.length - 1]);
    } else this.#write(step === 'keep');
    expect(rows.bytes).toBe(grown);
    expect([...rows.values]).toEqual(this.#expected.flat());
    // A row that was given up has its buffer too, and there is no more than twice what was needed.
    expect(rows.bytes).toBeGreaterThanOrEqual(rows.values.byteLength);
    expect(rows.bytes).toBeLessThanOrEqual(2 * (rows.values.byteLength + 4 * this.size));
  }

  #write(isKept: boolean): void {
    const values = Array.from({length: this.size}, () => this.#next++);
    const row = this.rows.next();
    expect(row).toHaveLength(this.size);
    row.set(values);
    if (!isKept) return;
    this.rows.keep();
    this.#expected.push(values);
  }
}

it('are those that were kept, and grow by what they say', () => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 5}), steps, (size, sequence) => {
      const checked = new Checked(size);
      for (const step of sequence) checked.take(step);
    }),
    sample(100),
  );
});

it('grow seldom: at most once each time their number doubles', () => {
  const rows = new Rows(3);
  let times = 0;
  for (let i = 0; i < 1000; i++) {
    if (rows.growth > 0) times++;
    rows.next();
    rows.keep();
  }
  expect(times).toBeLessThanOrEqual(11);
});

it('hold nothing before the first and after clear(), and begin anew', () => {
  const rows = new Rows(2);
  expect([rows.bytes, rows.values.length]).toEqual([0, 0]);
  rows.next().set([1, 2]);
  rows.keep();
  rows.clear();
  expect([rows.bytes, rows.values.length, rows.growth]).toEqual([0, 0, 8]);
  rows.next().set([3, 4]);
  rows.keep();
  expect([...rows.values]).toEqual([3, 4]);
});
