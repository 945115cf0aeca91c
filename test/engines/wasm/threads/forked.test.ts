/** Kernels that share their lists: what is given to `Forks.run`, and that lists that take little are computed at once. */
import {forkedBackward} from '../../../../src/engines/wasm/backward-signatures';
import {forked} from '../../../../src/engines/wasm/kernels';
import type {Forks} from '../../../../src/engines/wasm/threads';

type Given = (string | number)[];
type Make = (kernels: object, forks: Forks, number: number) => (...args: number[]) => void;

const ALL: [string, Make][] = Object.entries({...forked, ...forkedBackward} as unknown as Record<
  string,
  Make
>);

/** Arguments by which each can be told from the others; multiples of 4, so that no condition on channels is in the way. */
const argumentsOf = (count: number) => Array.from({length: count}, (_, i) => 4 * (i + 1));

describe.each(ALL)('%s', (name, make) => {
  let alone: Given[] = [];
  let shared: Parameters<Forks['run']>[] = [];
  const kernelFor = (least: number) =>
    make(
      {[name]: (...given: Given) => void alone.push(given)},
      {least, threads: 1, run: (...given) => void shared.push(given)},
      5,
    );
  const args = argumentsOf(kernelFor(0).length);
  beforeEach(() => {
    alone = [];
    shared = [];
  });

  it('hands on its arguments as they are, with a step for each', () => {
    kernelFor(0)(...args);
    const [[kernel, n, cost, place, unit, given, steps]] = shared;
    expect(alone).toEqual([]);
    expect(kernel).toBe(5);
    expect(given).toEqual(args);
    expect(given[place]).toBe(n);
    expect(steps).toHaveLength(args.length);
    expect(unit).toBeGreaterThan(0);
    expect(steps[place]).toBe(0);
    expect(steps.some((step) => step > 0)).toBe(true);
    expect(cost).toBeGreaterThan(0);
  });

  it('computes at once what takes too little', () => {
    kernelFor(Infinity)(...args);
    expect(shared).toEqual([]);
    expect(alone).toEqual([args]);
  });
});
