/** Waiting for scenes that come back. Costs are in frames of the model. */
import {Returns} from '../../../src/stream/auto/returns';

/** Frames that are waited for from now on, where the scene comes back after so many; Infinity for never. */
function waits(returns: Returns, cost: number, comesBackAfter: number): number {
  let frames = 0;
  while (returns.isWorthWaiting(cost)) {
    returns.wait(cost);
    frames++;
    returns.look(frames === comesBackAfter ? 0.05 : cost);
    if (!returns.isWaiting) return frames;
  }
  returns.fail();
  return frames;
}

test('a scene that comes back after one frame is waited for every time, once that was found out', () => {
  const returns = new Returns();
  for (let t = 0; t < 10; t++) expect(waits(returns, 0.7, 1)).toBe(1);
});

test('not where bringing the cache up costs less than waiting', () => {
  const returns = new Returns();
  expect(waits(returns, 0.7, 1)).toBe(1);
  expect(returns.isWorthWaiting(0.4)).toBe(false);
});

test('scenes that do not come back are waited for ever more rarely', () => {
  const returns = new Returns();
  const tries = Array.from({length: 1000}, () => waits(returns, 0.7, Infinity)).filter(
    (frames) => frames > 0,
  );
  expect(tries.length).toBeGreaterThan(2);
  expect(tries.length).toBeLessThan(12);
  expect(Math.max(...tries)).toBeLessThanOrEqual(3);
});

test('what the cache lacks only grows, but for a scene that comes back', () => {
  const returns = new Returns();
  returns.wait(0.7);
  returns.look(0.6);
  expect(returns.isWaiting).toBe(true);
  returns.look(0.3);
  expect(returns.isWaiting).toBe(false);
});
