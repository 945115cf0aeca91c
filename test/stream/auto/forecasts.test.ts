/** What frames will take, as measured: a first measurement stands alone, and may have met a busy moment. */
import {Clock} from '../../../src/stream/auto/estimate';
import {Forecasts} from '../../../src/stream/auto/forecasts';

const [SMALL, LARGE] = [0.02, 0.3];

function forecasts(fullMs: number | null): Forecasts {
  const clock = new Clock();
  clock.see(1, 0.01);
  return new Forecasts(clock, fullMs);
}

test('a small change is not taken to cost more than a larger one until it did twice', () => {
  const known = forecasts(null);
  for (const ms of [1, 1.1]) known.note(LARGE, ms);
  expect(known.of(SMALL, null)).toBe(1);
  known.note(SMALL, 50);
  expect(known.of(SMALL, null)).toBe(1);
  known.note(SMALL, 51);
  expect(known.of(SMALL, null)).toBe(50);
});

test('the first measurement is no more than a frame of that size took before everything was compiled', () => {
  const known = forecasts(null);
  known.noteCold(SMALL, 3);
  known.note(SMALL, 50);
  expect(known.of(SMALL, null)).toBe(3);
  known.note(LARGE, 50);
  expect(known.of(LARGE, null)).toBe(50);
});

test('nor is it more, over what was forecast of it', () => {
  const known = forecasts(10);
  known.of(SMALL, () => 1);
  known.noteCold(SMALL, 3);
  known.of(LARGE, () => 4);
  known.note(LARGE, 400);
  expect(known.of(SMALL, () => 2)).toBe(6);
});
