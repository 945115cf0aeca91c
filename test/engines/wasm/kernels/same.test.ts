/** Runs of values that are the same, and ones that differ in a single bit, wherever it is. */
import {each, Random} from './harness';

each('sameValues', (build) => {
  const random = new Random(1);
  for (const count of [1, 2, 3, 4, 5, 8, 17, 64, 65]) {
    const values = Array.from({length: count}, () => random.below(2 ** 32));
    const compare = (a: number[], b: number[], skip: number) => {
      build.reset();
      const [left, right] = [build.words([0, ...a]), build.words([...Array<number>(skip).fill(1), ...b])];
      return build.kernels.sameValues(left + 4, right + 4 * skip, count);
    };
    for (const skip of [0, 1]) {
      expect(compare(values, values, skip)).toBe(1);
      for (let i = 0; i < count; i++) {
        const other = values.map((value, k) => (k === i ? value ^ (1 << random.below(32)) : value));
        expect(compare(values, other, skip)).toBe(0);
      }
      // What lies behind makes no difference.
      expect(compare([...values, 1], [...values, 2], skip)).toBe(1);
    }
  }
});
