/** When lists are shared, by what it was measured to take. Times are made up. */
import {Pace} from '../../../../src/engines/wasm/threads/pace';

const KIND = 7;
const ITEMS = 100;

/** Lists of one kind, one after the other, each of which takes 1 ms alone. */
class Lists {
  now = 0;
  readonly pace = new Pace();

  /** @returns what share of so many milliseconds' lists was shared, where sharing gains so much */
  play(ms: number, gain: number): number {
    let [shared, all] = [0, 0];
    for (const end = this.now + ms; this.now < end; all++) {
      const shares = this.pace.shares(KIND, this.now);
      const took = shares ? 1 / gain : 1;
      this.now += took;
      if (shares) this.pace.noteShared(KIND, ITEMS, took, this.now);
      else this.pace.noteAlone(KIND, ITEMS, took, this.now);
      if (shares) shared++;
    }
    return shared / all;
  }
}

test('the first list of a kind is shared, and the second computed alone, to know what that takes', () => {
  const pace = new Pace();
  expect(pace.shares(KIND, 0)).toBe(true);
  pace.noteShared(KIND, ITEMS, 0.6, 1);
  expect(pace.shares(KIND, 1)).toBe(false);
  pace.noteAlone(KIND, ITEMS, 1, 2);
  expect(pace.shares(KIND, 2)).toBe(true);
});

test('where it pays, all but a few are shared', () => {
  expect(new Lists().play(10_000, 1.7)).toBeGreaterThan(0.98);
});

test('where it does not pay, few are, and fewer as time goes on', () => {
  const lists = new Lists();
  expect(lists.play(1000, 0.6)).toBeLessThan(0.2);
  expect(lists.play(10_000, 0.6)).toBeLessThan(0.03);
});

test('once it pays again, they are shared again', () => {
  const lists = new Lists();
  lists.play(5000, 0.6);
  lists.play(1100, 1.7);
  expect(lists.play(1000, 1.7)).toBeGreaterThan(0.95);
});

test('a list that took long once, alone, does not hide that sharing loses', () => {
  const lists = new Lists();
  lists.play(1000, 1.7);
  lists.pace.noteAlone(KIND, ITEMS, 30, lists.now);
  for (let i = 0; i < 3; i++) lists.pace.noteAlone(KIND, ITEMS, 1, lists.now);
  expect(lists.play(1000, 0.6)).toBeLessThan(0.2);
});
