/** The gate on words in memory, against `src/region/gate`, over planes around the sizes of words. */
import {passGate, Region} from '../../../../src/region';
import {each, Random} from './harness';

const WIDTHS = [1, 2, 9, 31, 32, 33, 63, 64, 65, 97];
const HEIGHTS = [1, 2, 3, 8];

each('gateMask', (build) => {
  const random = new Random(1);
  for (const width of WIDTHS) {
    for (const height of HEIGHTS) {
      for (let density = 1; density <= 4; density++) {
        const over = Region.fromMask(
          height,
          width,
          Array.from({length: height * width}, () => random.below(5) < density),
        );
        for (const grow of [0, 1, 2]) {
          for (let neighbours = 0; neighbours <= 8; neighbours++) {
            build.reset();
            const {length} = over.words;
            const before = build.space(16);
            const mask = build.words(over.words);
            const copy = build.space(4 * length);
            const count = build.kernels.gateMask(mask, height, width, neighbours, grow, copy);
            const expected = passGate(over, {value: 0, neighbours, grow});
            const actual = new Region(height, width, build.wordsAt(mask, length));
            if (!actual.equals(expected) || count !== expected.area)
              throw new Error(`${height}×${width}, ${neighbours} neighbours, grown by ${grow}`);
            build.expectUntouched(before, mask - before);
            build.expectUntouched(mask + 4 * length, 32);
            build.expectUntouched(copy + 4 * length, 32);
          }
        }
      }
    }
  }
});
