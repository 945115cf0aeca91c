/**
 * Streams of one model in turn, with the policy 'auto': together they lose no more than one stream may. Programs and what their frames
 * take are made up, and so is the clock.
 */
import type {ActivationCache} from '../../src/cache';
import type {Delta, Program} from '../../src/engines';
import {Row} from '../../src/model/row';
import {AllCaches} from '../../src/stream';

let now = 0;
beforeEach(() => jest.spyOn(performance, 'now').mockImplementation(() => now));

/** What reuse may lose, in any 200 frames and so in fewer. */
const MOST_LOST = 6;

/**
 * Of an engine whose whole frames take longer than the model's millisecond, and all of whose frames are whole. Where nothing is known
 * of them, the first ones are taken to be no longer than two of the model's: the rest is compiling.
 */
function slowProgram(forecasts: boolean): Program {
  const fullMs = forecasts ? 3.5 : 2;
  const isEmpty = (cache: ActivationCache) => cache.content(AllCaches) === null;
  const program = {
    tellsChange: true,
    cacheBytes: 1,
    costModel: forecasts ? {fullMs, forecast: () => fullMs, monitor: () => undefined} : null,
    unsupportedReason: () => null,
    refresh: () => undefined,
    difference: (cache: ActivationCache): Delta => ({full: isEmpty(cache), share: 1}) as Delta,
    run(cache: ActivationCache) {
      cache.hold(new AllCaches(() => []));
      now += fullMs + 1e-4 * Math.random();
      return {outputs: []};
    },
  };
  return program as unknown as Program;
}

/** Milliseconds that frames take: so many of one program, then of the next. */
function play(
  programs: readonly Program[],
  burst: number,
  frames: number,
  between?: (row: Row) => void,
): number {
  const row = new Row({policy: 'auto', maxBytes: Infinity, verifier: null}, () => false);
  const start = now;
  for (let t = 0; t < frames; t++) {
    if (t % burst === 0) between?.(row);
    const program = programs[Math.floor(t / burst) % programs.length];
    row.take(program).predict(program, {} as never, {changed: null, commit: true}, () => {
      now += 1 + 1e-4 * Math.random();
      return [];
    });
  }
  return now - start;
}

describe.each([
  ['that forecasts', true],
  ['that does not', false],
])('an engine %s', (_, forecasts) => {
  test.each([
    [1, 4],
    [1, 6],
    [2, 6],
    [3, 6],
    [3, 60],
    [10, 8],
    [40, 5],
  ])('bursts of %i frames of %i programs', (burst, count) => {
    const programs = Array.from({length: count}, () => slowProgram(forecasts));
    expect(play(programs, burst, 200)).toBeLessThan(200 + MOST_LOST);
  });

  test('a stream that is reset again and again', () => {
    const reset = (row: Row) => row.all.forEach((stream) => stream.reset());
    expect(play([slowProgram(forecasts)], 3, 200, reset)).toBeLessThan(200 + MOST_LOST);
  });
});
