/**
 * The heap gives out blocks that are its own, aligned and zero, takes them back, and says so when there are no more. Where
 * they lie is where the best fit would put them that looks at every free block; the heap looks at few.
 */
import {Session, type Profiler} from 'node:inspector';
import * as fc from 'fast-check';
import {Heap, OutOfMemory} from '../../../../src/engines/wasm/memory/heap';
import {Ordered} from '../../../../src/engines/wasm/memory/ordered';
import {sample} from '../../../scale';

const PAGE = 65536;
const START = PAGE;

function heapOf(maximum: number) {
  const memory = new WebAssembly.Memory({initial: 1, maximum});
  return {memory, heap: new Heap(memory, START)};
}

/** What a user of the heap does: allocates so many bytes, or releases one of the blocks held. */
type Step = {allocate: number} | {release: number};

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({allocate: fc.oneof(fc.integer({min: 0, max: 300}), fc.integer({min: 1, max: 200_000}))}),
    fc.record({release: fc.nat()}),
  ),
  {minLength: 1, maxLength: 60},
);

interface Block {
  readonly at: number;
  readonly bytes: number;
  readonly mark: number;
}

/** Where blocks lie by the best fit: the first of the smallest gaps that are large enough, or else behind the last block. */
class BestFit {
  readonly #blocks: {readonly at: number; readonly bytes: number}[] = [];

  place(asked: number): number {
    const bytes = 64 * Math.ceil(Math.max(1, asked) / 64);
    const {gaps, end} = this.#gaps();
    const fitting = gaps.filter((gap) => gap.bytes >= bytes).sort((a, b) => a.bytes - b.bytes || a.at - b.at);
    const at = fitting[0]?.at ?? end;
    this.#blocks.push({at, bytes});
    this.#blocks.sort((a, b) => a.at - b.at);
    return at;
  }

  release(at: number): void {
    this.#blocks.splice(
      this.#blocks.findIndex((block) => block.at === at),
      1,
    );
  }

  #gaps() {
    let end = START;
    const gaps = this.#blocks.map(({at, bytes}) => {
      const gap = {at: end, bytes: at - end};
      end = at + bytes;
      return gap;
    });
    return {gaps, end};
  }
}

/** Fills every block with a byte of its own, and finds it there as long as the block is held. */
class User {
  readonly blocks: Block[] = [];
  refused = 0;
  #marks = 1;
  readonly #bestFit = new BestFit();

  constructor(readonly heap: Heap) {}

  take(step: Step): void {
    if ('release' in step) this.#release(step.release);
    else this.#allocate(step.allocate);
    const held = this.blocks.reduce((sum, {bytes}) => sum + bytes, 0);
    expect(this.heap.bytes).toBeGreaterThanOrEqual(held);
    expect(this.heap.bytes).toBeLessThan(held + 64 * (this.blocks.length + 1));
  }

  releaseAll(): void {
    while (this.blocks.length > 0) this.#release(this.#marks++ * 7);
  }

  #allocate(bytes: number): void {
    const before = this.heap.bytes;
    try {
      const at = this.heap.allocate(bytes);
      expect(at % 64).toBe(0);
      expect(at).toBeGreaterThanOrEqual(START);
      expect(at).toBe(this.#bestFit.place(bytes));
      expect(this.#bytesOf(at, bytes).every((byte) => byte === 0)).toBe(true);
      const mark = 1 + (this.#marks++ % 255);
      this.#bytesOf(at, bytes).fill(mark);
      this.blocks.push({at, bytes, mark});
    } catch (error) {
      expect(error).toBeInstanceOf(OutOfMemory);
      expect(this.heap.bytes).toBe(before);
      this.refused++;
    }
  }

  #release(which: number): void {
    if (this.blocks.length === 0) return;
    const [{at, bytes, mark}] = this.blocks.splice(which % this.blocks.length, 1);
    expect(this.#bytesOf(at, bytes).every((byte) => byte === mark)).toBe(true);
    this.heap.release(at);
    this.#bestFit.release(at);
  }

  #bytesOf(at: number, bytes: number): Uint8Array {
    return this.heap.octets.subarray(at, at + bytes);
  }
}

test.each([3, 20, 1000])(
  'blocks do not overlap, are zero, and become one again, in at most %d pages',
  (maximum) => {
    let refused = 0;
    fc.assert(
      fc.property(steps, (plan) => {
        const {heap, memory} = heapOf(maximum);
        const user = new User(heap);
        plan.forEach((step) => user.take(step));
        refused += user.refused;
        user.releaseAll();
        expect(heap.bytes).toBe(0);
        // All is one free block again: it can be given out as one block where it began.
        const all = memory.buffer.byteLength - START;
        if (all > 0) expect(heap.allocate(all)).toBe(START);
      }),
      sample({short: 40, ci: 150, long: 1000}),
    );
    if (maximum === 3) expect(refused).toBeGreaterThan(0);
  },
);

test('views are of the memory as it is after growing', () => {
  const {heap, memory} = heapOf(100);
  const at = heap.allocate(64);
  const [floats, ints, octets] = [heap.floats, heap.ints, heap.octets];
  floats[at >>> 2] = 1.5;
  heap.allocate(10 * PAGE);
  expect(floats).toHaveLength(0);
  for (const [view, old] of [
    [heap.floats, floats],
    [heap.ints, ints],
    [heap.octets, octets],
  ]) {
    expect(view).not.toBe(old);
    expect(view.byteLength).toBe(memory.buffer.byteLength);
  }
  expect(heap.floats[at >>> 2]).toBe(1.5);
});

test('a block that does not fit is refused with what is held, and what is free can still be had', () => {
  const {heap} = heapOf(3);
  const held = heap.allocate(PAGE);
  expect(() => heap.allocate(2 * PAGE)).toThrow(
    /no memory for 131072 more bytes beside the 65536 held\. Dispose models and streams .* or set maxBytes/,
  );
  const second = heap.allocate(PAGE);
  expect(() => heap.allocate(1)).toThrow(OutOfMemory);
  heap.release(held);
  expect(heap.allocate(PAGE)).toBe(held);
  heap.release(second);
  expect(heap.allocate(100)).toBe(second);
});

test('the smallest free block that is large enough is taken', () => {
  const {heap} = heapOf(100);
  const [large, , small] = [1024, 64, 256, 64].map((bytes) => heap.allocate(bytes));
  heap.release(large);
  heap.release(small);
  expect(heap.allocate(200)).toBe(small);
  expect(heap.allocate(200)).toBe(large);
  expect(heap.allocate(700)).toBe(large + 256);
});

test('a block is released once', () => {
  const {heap} = heapOf(10);
  const at = heap.allocate(10);
  heap.release(at);
  expect(() => heap.release(at)).toThrow(`there is no block at ${at}`);
});

describe('beside thousands of blocks', () => {
  const SIZES = [64, 640, 128, 1920, 320];

  /** Releases every other block, and so leaves as many free ones as it holds. */
  function worn(blocks: number) {
    const {heap, memory} = heapOf(2000);
    const held = Array.from({length: 2 * blocks}, (_, i) => heap.allocate(SIZES[i % SIZES.length]));
    held.forEach((at, i) => i % 2 === 0 && heap.release(at));
    return {heap, memory, held};
  }

  test.each([10, 4000])(
    'a block is given out and taken back in a handful of steps (%d free ones)',
    (blocks) => {
      const {heap, held} = worn(blocks);
      const calls = (['add', 'delete', 'firstFrom'] as const).map((name) =>
        jest.spyOn(Ordered.prototype, name),
      );
      const asked = () => calls.reduce((sum, {mock}) => sum + mock.calls.length, 0);
      const [own] = [heap.allocate(192)];
      expect(asked()).toBeLessThanOrEqual(3);
      heap.release(own);
      heap.release(held[1]);
      expect(asked()).toBeLessThanOrEqual(3 + 2 * 3);
      calls.forEach((call) => call.mockRestore());
    },
  );

  /** How many times any piece of the heap's own code runs in a piece of work, loops and what sorting calls included. */
  function steps(work: () => void): number {
    const session = new Session();
    session.connect();
    const post = (method: string, params?: object) => {
      let result: unknown;
      session.post(method, params, (error, given) => {
        if (error) throw error;
        result = given;
      });
      return result;
    };
    post('Profiler.enable');
    post('Profiler.startPreciseCoverage', {callCount: true, detailed: true});
    work();
    const taken = post('Profiler.takePreciseCoverage') as Profiler.TakePreciseCoverageReturnType;
    session.disconnect();
    return taken.result
      .filter(({url}) => /src\/engines\/wasm\/memory\/(heap|ordered)\.ts$/.test(url))
      .flatMap(({functions}) => functions.flatMap(({ranges}) => ranges))
      .reduce((sum, {count}) => sum + count, 0);
  }

  test('a block is given out and taken back in hardly more steps than beside a few', () => {
    const taken = [20, 4000].map((blocks) => {
      const {heap, held} = worn(blocks);
      return steps(() => {
        for (let i = 0; i < 20; i++) heap.release(heap.allocate(64 + 192 * (i % 9)));
        for (let i = 1; i < 20; i += 2) heap.release(held[i]);
      });
    });
    expect(taken[0]).toBeGreaterThan(100);
    expect(taken[1]).toBeLessThan(5 * taken[0]);
  });

  test('they become one block again in any order', () => {
    const {heap, held} = worn(4000);
    const left = held.filter((_, i) => i % 2 === 1);
    left.forEach((_, i) => heap.release(left[(i * 619) % left.length]));
    expect(heap.bytes).toBe(0);
    expect(heap.allocate(1_000_000)).toBe(START);
  });

  test('the memory grows a few times, each of which replaces its buffer', () => {
    const {memory, heap} = heapOf(2000);
    const grow = jest.spyOn(memory, 'grow');
    for (let i = 0; i < 8000; i++) heap.allocate(6000);
    expect(grow.mock.calls.length).toBeLessThan(100);
    expect(memory.buffer.byteLength).toBeLessThan(1.2 * heap.bytes);
  });
});
