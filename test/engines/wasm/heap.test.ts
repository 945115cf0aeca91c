/** The heap gives out blocks that are its own, aligned and zero, takes them back, and says so when there are no more. */
import * as fc from 'fast-check';
import {Heap, OutOfMemory} from '../../../src/engines/wasm/heap';
import {sample} from '../../scale';

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

/** Fills every block with a byte of its own, and finds it there as long as the block is held. */
class User {
  readonly blocks: Block[] = [];
  refused = 0;
  #marks = 1;

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
        // All is one free room again: it can be given out as one block where it began.
        const all = memory.buffer.byteLength - START;
        if (all > 0) expect(heap.allocate(all)).toBe(START);
      }),
      sample(300),
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

test('the smallest room that is large enough is taken', () => {
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
