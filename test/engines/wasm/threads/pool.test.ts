/** The pool: who computes what, workers that end, and one that does not do its part. */
import {startThread, type Thread} from '../../../../src/engines/wasm/threads/host';
import {LostThread} from '../../../../src/engines/wasm/threads';
import {Pool} from '../../../../src/engines/wasm/threads/pool';
import {sharedMemory} from '../../../../src/engines/wasm/threads/shared-memory';
import {EVERYTHING} from './pools';

/** Every thread that was started. */
const started: Thread[] = [];
const start: typeof startThread = (...given) => {
  const thread = startThread(...given);
  started.push(thread);
  return thread;
};

/**
 * A module of one kernel, `mark(at, n)`: adds 1 to each of n bytes.
 *
 *     (module (import "env" "memory" (memory 1 65536 shared))
 *       (func (export "mark") (param i32 i32)
 *         (loop (if (local.get 1) (then
 *           (i32.store8 (local.get 0) (i32.add (i32.load8_u (local.get 0)) (i32.const 1)))
 *           (local.set 0 (i32.add (local.get 0) (i32.const 1)))
 *           (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
 *           (br 1))))))
 */
const MODULE = new WebAssembly.Module(
  Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, 0x7f, 0x7f, 0]),
    ...section(2, [1, ...text('env'), ...text('memory'), 2, 3, 1, 0x80, 0x80, 4]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('mark'), 0, 0]),
    ...section(10, [1, ...sized([0, ...body()])]),
  ]),
);

function section(id: number, bytes: number[]): number[] {
  return [id, ...sized(bytes)];
}

function sized(bytes: number[]): number[] {
  return [bytes.length, ...bytes];
}

function text(word: string): number[] {
  return sized([...Buffer.from(word)]);
}

function body(): number[] {
  return [
    ...[0x03, 0x40, 0x20, 1, 0x04, 0x40],
    ...[0x20, 0, 0x20, 0, 0x2d, 0, 0, 0x41, 1, 0x6a, 0x3a, 0, 0],
    ...[0x20, 0, 0x41, 1, 0x6a, 0x21, 0, 0x20, 1, 0x41, 1, 0x6b, 0x21, 1],
    ...[0x0c, 1, 0x0b, 0x0b, 0x0b],
  ];
}

const FIRST = 65536;

/** A pool over a memory of its own, whose kernel counts how often each item was computed. */
class Bench {
  readonly lost = jest.fn();
  readonly pool: Pool;
  private readonly memory = sharedMemory(4)!;
  private readonly bytes = new Uint8Array(this.memory.buffer);

  constructor() {
    this.pool = new Pool(this.memory, 1e-6, this.lost, start);
    const {exports} = new WebAssembly.Instance(MODULE, {env: {memory: this.memory}});
    this.pool.share(MODULE, {mark: exports['mark']}, {mark: () => undefined});
  }

  /** Computes a list once more; of its items how many were computed as often as they should have been. */
  run(n: number, times: number): number {
    this.pool.run(0, n, 1, 1, 4, [FIRST, n], [1, 0]);
    return this.bytes.subarray(FIRST, FIRST + n).filter((count) => count === times % 256).length;
  }
}

const ITEMS = 1000;
const until = async (holds: () => boolean) => {
  for (let tries = 0; !holds(); tries++) {
    if (tries === 5000) throw new Error(`It does not come to that: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};

let bench: Bench;
beforeEach(() => {
  started.length = 0;
  bench = new Bench();
});
afterEach(() => bench.pool.resize(1));

test('before it has workers, it shares nothing and says why', async () => {
  expect(bench.pool.least).toBe(Infinity);
  expect(bench.pool.count).toBe(1);
  expect(bench.pool.reason).toMatch(/none was asked for/);
  const begun = bench.pool.resize(3);
  expect(bench.pool.reason).toMatch(/being started/);
  await begun;
  expect(bench.pool.reason).toBeNull();
  expect(bench.pool.count).toBe(3);
  expect(bench.pool.least).toBeLessThan(Infinity);
});

test.each([
  ['by the caller and two workers', true],
  ['by the workers alone', false],
])('every item is computed once, %s', async (_, callerTakes) => {
  await bench.pool.resize(3);
  bench.pool.tune({...EVERYTHING, callerTakes});
  for (let times = 1; times < 300; times++) expect(bench.run(ITEMS, times)).toBe(ITEMS);
});

test('workers that sleep are woken for what takes long, and are not needed for the rest', async () => {
  await bench.pool.resize(2);
  bench.pool.tune({always: true});
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(bench.run(ITEMS, 1)).toBe(ITEMS);
  bench.pool.tune({always: true, callerTakes: false, wokenMs: 0});
  expect(bench.run(ITEMS, 2)).toBe(ITEMS);
});

test('as many are ended or added as it takes', async () => {
  for (const count of [2, 4, 1, 3]) {
    await bench.pool.resize(count);
    expect(bench.pool.count).toBe(count);
    bench.pool.tune(EVERYTHING);
    if (count > 1) expect(bench.pool.threads).toBe(count);
  }
  expect(bench.run(ITEMS, 1)).toBe(ITEMS);
});

test('a worker that ends is replaced, and lists are computed meanwhile', async () => {
  await bench.pool.resize(3);
  bench.pool.tune(EVERYTHING);
  for (let times = 1; times <= 12; times++) {
    if (times % 4 === 0) {
      const before = started.length;
      await until(() => bench.pool.count === 3);
      started.at(-1)!.terminate();
      await until(() => started.length > before);
    }
    expect(bench.run(ITEMS, times)).toBe(ITEMS);
  }
  await until(() => bench.pool.count === 3);
});

test('a host that refuses workers has one thread, and says so', async () => {
  const pool = new Pool(sharedMemory(4)!, 1e-6, jest.fn(), () => {
    throw new Error('refused');
  });
  await pool.resize(3);
  expect(pool.count).toBe(1);
  expect(pool.reason).toMatch(/starts no workers/);
});

test('one that takes a chunk and does not end it is given up, with all others', async () => {
  await bench.pool.resize(2);
  bench.pool.tune({...EVERYTHING, callerTakes: false});
  started[0].terminate();
  expect(() => bench.run(ITEMS, 1)).toThrow(LostThread);
  expect(bench.lost).toHaveBeenCalledTimes(1);
  expect(bench.pool.count).toBe(1);
  expect(bench.pool.least).toBe(Infinity);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(started).toHaveLength(1);
});
