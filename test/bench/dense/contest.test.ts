/** Dense frames by host and side: who takes part, in which order, what is refused, and what is made of the times. */
import {Command} from 'commander';
import {hold} from '../../../bench/dense/contest';
import type {Host, Realm} from '../../../bench/dense/hosts/host';
import {readDenseOptions} from '../../../bench/dense/options';
import {difference} from '../../../bench/dense/realm/realm';
import {sideId, sidesOn, type Side} from '../../../bench/dense/sides';

const idsOn = (kind: Host['kind']) => sidesOn(kind).map(sideId);

it('tfjs has threads in browsers, and the libraries of Node run in Node alone', () => {
  expect(idsOn('node')).toEqual(
    expect.arrayContaining(['tfjs-wasm-1', 'litert-2', 'tfjs-node-2', 'onnx-node-1']),
  );
  expect(idsOn('node')).not.toContain('tfjs-wasm-2');
  expect(idsOn('browser')).toEqual(expect.arrayContaining(['tfjs-wasm-2', 'litert-2', 'onnx-web-2']));
  expect(idsOn('browser').filter((id) => /node/.test(id))).toEqual([]);
});

/** A host whose sides take as many milliseconds as their id has letters; what they do is kept. */
function fakeHost(change: (id: string) => Partial<Realm> | Error = () => ({})): {host: Host; log: string[]} {
  const log: string[] = [];
  const open = async (side: Side): Promise<Realm> => {
    const id = sideId(side);
    const changed = change(id);
    if (changed instanceof Error) throw changed;
    return {
      check: async () => 1e-6,
      play: async (count) => {
        log.push(`${id} ${count}`);
        return {ms: new Array<number>(count).fill(id.length), cpuMs: 2 * count};
      },
      close: async () => void log.push(`${id} closed`),
      ...changed,
    };
  };
  const host: Host = {name: 'fake', kind: 'browser', version: '1', open, close: async () => undefined};
  return {host, log};
}

const course = {libraries: ['tfjs-wasm', 'engine'], frames: 3, rounds: 2} as const;

describe('a contest', () => {
  it('has all sides warm up, and take turns in another order each round', async () => {
    const {host, log} = fakeHost();
    const figures = await hold(host, 'folder', course);
    const sides = ['tfjs-wasm-1', 'tfjs-wasm-2', 'engine-1', 'engine-2'];
    const [first, ...others] = sides;
    expect(log).toEqual([
      ...sides.map((id) => `${id} 20`),
      ...sides.map((id) => `${id} 3`),
      ...[...others, first].map((id) => `${id} 3`),
      ...sides.map((id) => `${id} closed`),
    ]);
    expect(figures['engine-1']).toEqual({ms: 8, cpuMs: 2, difference: 1e-6});
  });

  it('leaves out a side that does not run there, with the reason', async () => {
    const broken = {check: () => Promise.reject(new Error('no such op'))};
    const changes: Record<string, Partial<Realm> | Error> = {
      'tfjs-wasm-2': new Error('no threads'),
      'engine-1': broken,
    };
    const {host, log} = fakeHost((id) => changes[id] ?? {});
    const figures = await hold(host, 'folder', course);
    expect(figures['tfjs-wasm-2']).toEqual({absent: 'no threads'});
    expect(figures['engine-1']).toEqual({absent: 'no such op'});
    expect(figures['tfjs-wasm-1']).toMatchObject({ms: 11});
    expect(log).toContain('engine-1 closed');
  });

  it.each([2e-4, NaN])('ends where a result is off by %p, and closes all', async (off) => {
    const {host, log} = fakeHost((id) => (id === 'engine-1' ? {check: async () => off} : {}));
    await expect(hold(host, 'folder', course)).rejects.toThrow(
      "fake, engine-1: the result is off tfjs's own",
    );
    expect(log.filter((line) => line.endsWith('closed'))).toHaveLength(3);
  });

  it('has no time of the processor where the system does not say', async () => {
    const {host} = fakeHost(() => ({play: async () => ({ms: [1], cpuMs: null})}));
    expect((await hold(host, 'folder', course))['engine-1']).toMatchObject({ms: 1, cpuMs: null});
  });
});

it('outputs differ by shares of the largest value; what is no number, or missing, is infinitely far off', () => {
  const expected = Float32Array.of(1, -4, 2);
  expect(difference(Float32Array.of(1, -4, 3), expected)).toBe(0.25);
  expect(difference(Float32Array.of(1, NaN, 2), expected)).toBe(Infinity);
  expect(difference(Float32Array.of(1, -4), expected)).toBe(Infinity);
});

describe('the command line', () => {
  const options = (...argv: string[]) =>
    readDenseOptions(argv, new Command().exitOverride().configureOutput({writeErr: () => undefined}));

  it('runs all hosts, sides and deep models by default, and the largest of the networks', () => {
    const {hosts, networks, libraries} = options();
    expect(hosts).toEqual(['node-20', 'node-22', 'node-24', 'chromium', 'firefox']);
    expect(networks).toEqual(['D2:80/160', 'posenet', 'centernet', 'nanodet']);
    expect(libraries).toHaveLength(6);
  });

  it('refuses what there is not', () => {
    expect(() => options('--hosts', 'safari')).toThrow("There is no 'safari'");
    expect(() => options('--networks', 'posenet,alexnet')).toThrow("There is no 'alexnet'");
    expect(() => options('--rounds', '0')).toThrow('1 to 20');
  });
});
