/** What is believed of times, by a clock that may be coarse and on a machine that may be busy. Clocks are made up. */
import {Clock, Estimate} from '../../../src/stream/auto/estimate';
import {random} from '../../properties/networks';

/** A clock that counts in ticks, read before and after things that truly take so long. */
function measuring(tick: number, clock: Clock) {
  const next = random(3);
  let now = 0;
  return (truly: number): number => {
    now += 10 * next();
    const start = Math.floor(now / tick);
    now += truly;
    const ms = (Math.floor(now / tick) - start) * tick;
    clock.see(ms, 0);
    return ms;
  };
}

test('the first measurement is believed where the clock is fine', () => {
  const clock = new Clock();
  const estimate = new Estimate(clock, 0.5);
  clock.see(2, 0.01);
  estimate.add(2, 1);
  expect(estimate.value).toBe(2);
});

test('a clock that is set back during a measurement does not spoil those after it', () => {
  const clock = new Clock();
  const estimate = new Estimate(clock, 0.5);
  clock.see(2, 0.01);
  for (const ms of [-1e6, 2, 2, 2, 2]) estimate.add(ms, 1);
  expect(estimate.value).toBe(2);
});

test('times are taken over what was expected of them', () => {
  const clock = new Clock();
  const ratio = new Estimate(clock, 0.5);
  clock.see(3, 0.01);
  ratio.add(3, 2);
  expect(ratio.value).toBe(1.5);
});

test.each([1, 1000 / 60, 100])('measurements are added up until a clock of %d ms can tell', (tick) => {
  for (const truly of [0.7, 6, 40]) {
    const clock = new Clock();
    const measure = measuring(tick, clock);
    const estimate = new Estimate(clock, 0.5);
    for (let i = 0; i < 20_000 && estimate.count < 5; i++) estimate.add(measure(truly), 1);
    expect(estimate.count).toBe(5);
    expect(estimate.value! / truly).toBeGreaterThan(0.7);
    expect(estimate.value! / truly).toBeLessThan(1.4);
  }
});

test('before it can, it is known what something takes at least, and roughly', () => {
  const clock = new Clock();
  const estimate = new Estimate(clock, 0.5);
  expect([estimate.value, estimate.rough, estimate.atLeast]).toEqual([null, null, 0]);
  for (let i = 0; i < 60; i++) {
    // One in ten of 10 ms sees a tick of 100.
    const ms = i % 10 === 0 ? 100 : 0;
    clock.see(ms, 0);
    estimate.add(ms, 1);
  }
  expect(estimate.value).toBeNull();
  expect(estimate.rough).toBeCloseTo(10, 5);
  expect(estimate.atLeast).toBeGreaterThan(4);
  expect(estimate.atLeast).toBeLessThan(10);
});

test('a busy machine makes some longer, and they are not believed', () => {
  const clock = new Clock();
  const estimate = new Estimate(clock, 0.35);
  for (const ms of [5, 5.1, 40, 5.2, 90, 5.1, 12, 5, 5.3]) {
    clock.see(ms, 0.01);
    estimate.add(ms, 1);
  }
  expect(estimate.value).toBeCloseTo(5.1, 5);
  expect(estimate.high).toBeGreaterThan(10);
  expect(estimate.most).toBe(90);
});
