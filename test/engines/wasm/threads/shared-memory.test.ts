/** Memory that threads share, and the one binary of each module, made fit for it when it is loaded. */
import * as backward from '../../../../src/engines/wasm/backward-binaries';
import * as forward from '../../../../src/engines/wasm/binaries';
import {binaryFrom, binaryOf, BUILDS} from '../../../../src/engines/wasm/kernels';
import {Heap} from '../../../../src/engines/wasm/memory/heap';
import {forSharedMemory, isShared, sharedMemory} from '../../../../src/engines/wasm/threads';

const builds = BUILDS.filter((build) => binaryOf(build) !== null);
const unshared = () => new WebAssembly.Memory({initial: 2, maximum: 65536});

describe.each(builds)('%s', (build) => {
  it.each([
    ['frames', forward],
    ['the backward pass', backward],
  ])('of %s, one byte makes the module take a shared memory, and no other', (_, texts) => {
    const binary = binaryFrom(texts, build);
    const patched = forSharedMemory(binary);
    expect(patched.filter((byte, i) => byte !== binary[i])).toHaveLength(1);
    const module = new WebAssembly.Module(patched);
    expect(() => new WebAssembly.Instance(module, {env: {memory: sharedMemory(2)!}})).not.toThrow();
    expect(() => new WebAssembly.Instance(module, {env: {memory: unshared()}})).toThrow(/shared/);
  });
});

it('is refused where a module imports no such memory', () => {
  expect(() => forSharedMemory(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))).toThrow(/do not import/);
});

describe('a shared memory', () => {
  const Real = WebAssembly.Memory;
  afterEach(() => void (WebAssembly.Memory = Real));

  /** A host that reserves no more than so many pages, and says so as hosts do. */
  function limit(pages: number): void {
    WebAssembly.Memory = class extends Real {
      constructor(wanted: WebAssembly.MemoryDescriptor) {
        if (wanted.maximum! > pages) throw new RangeError('could not allocate memory');
        super(wanted);
      }
    } as typeof Real;
  }

  it.each([
    [65536, 65536],
    [65535, 32768],
    [32767, 16384],
    [16383, 8192],
  ])('of %i pages that can be reserved takes %i', (most, taken) => {
    limit(most);
    const memory = sharedMemory(2)!;
    expect(isShared(memory)).toBe(true);
    expect(() => memory.grow(taken - 2)).not.toThrow();
    expect(() => memory.grow(1)).toThrow();
  });

  it('is not there where too little can be reserved', () => {
    limit(8191);
    expect(sharedMemory(2)).toBeNull();
  });

  it('grows under a heap: what was written stays, and its views are the new ones', () => {
    const memory = sharedMemory(2)!;
    const heap = new Heap(memory, 65536);
    const first = heap.allocate(64);
    const before = heap.octets;
    before[first] = 5;
    const large = heap.allocate(3 * 65536);
    expect(heap.octets).not.toBe(before);
    expect(heap.octets[first]).toBe(5);
    heap.octets[large + 3 * 65536 - 1] = 7;
    expect(new Uint8Array(memory.buffer).at(large + 3 * 65536 - 1)).toBe(7);
  });
});
