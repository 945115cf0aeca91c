/** The ledger against a sum over every stretch of the last 200 frames. */
import fc from 'fast-check';
import {Ledger, MOST_LOST, WINDOW} from '../../../src/stream/auto/ledger';
import {sample} from '../../scale';

/** The most that any stretch lost that ends with the last frame and leaves room for the next one. */
function worst(losses: readonly number[]): number {
  let [sum, most] = [0, 0];
  for (const loss of losses.slice(-(WINDOW - 1)).reverse()) most = Math.max(most, (sum += loss));
  return most;
}

test('what may be lost is what no 200 frames have lost yet, wherever they begin', () => {
  const losses = fc.array(fc.double({min: -1, max: 3, noNaN: true}), {maxLength: 3 * WINDOW});
  fc.assert(
    fc.property(losses, (all) => {
      const ledger = new Ledger();
      all.forEach((loss) => ledger.add(loss));
      expect(ledger.left).toBeCloseTo(MOST_LOST - worst(all), 9);
    }),
    sample(50),
  );
});

test('gains do not pay for losses to come', () => {
  const ledger = new Ledger();
  for (let t = 0; t < 150; t++) ledger.add(-1);
  expect(ledger.left).toBe(MOST_LOST);
  ledger.add(2);
  expect(ledger.left).toBe(MOST_LOST - 2);
});

test('a loss is forgotten after 200 frames', () => {
  const ledger = new Ledger();
  ledger.add(3);
  for (let t = 0; t < WINDOW - 2; t++) ledger.add(0);
  expect(ledger.left).toBe(MOST_LOST - 3);
  ledger.add(0);
  expect(ledger.left).toBe(MOST_LOST);
});
