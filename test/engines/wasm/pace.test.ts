/** How fast the kernels are is measured once, by whatever clock the host has: forecasts of 'auto' are multiples of it. */
const real = performance.now.bind(performance);

/** The instance of a process that has just begun, by this clock. */
async function instanceBy(now: () => number) {
  jest.resetModules();
  const {currentInstance} = await import('../../../src/engines/wasm/instance');
  jest.spyOn(performance, 'now').mockImplementation(now);
  return currentInstance()!;
}
afterEach(() => jest.restoreAllMocks());

// A page's clock counts in 0.1 ms in Chromium, in 1 ms elsewhere, and more coarsely for who does not want to be known.
test.each([0.1, 1, 1000 / 60, 100])(
  'a clock of %d ms sees that a multiply-add takes something',
  async (tick) => {
    const {msPerMac} = await instanceBy(() => Math.floor(real() / tick) * tick);
    expect(msPerMac).toBeGreaterThan(0);
  },
);

test.each([
  ['stands still', () => 5],
  ['runs backwards', () => -real()],
])('the measurement ends by a clock that %s, and is of no negative time', async (_, now) => {
  expect((await instanceBy(now)).msPerMac).toBe(0);
});
