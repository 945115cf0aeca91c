/** Memory that threads share, and modules compiled for it. */

/** Pages of 64 KiB that a memory has at most: 4, 2, 1 and 0.5 GiB. What cannot be reserved is tried with less. */
const MOST_PAGES = [65536, 32768, 16384, 8192];

/** @returns null where none can be had */
export function sharedMemory(initial: number): WebAssembly.Memory | null {
  for (const maximum of MOST_PAGES) {
    try {
      return new WebAssembly.Memory({initial, maximum, shared: true});
    } catch {
      // The host has no room for so much.
    }
  }
  return null;
}

/** By name: the buffer may be of another window. */
export const isShared = ({buffer}: WebAssembly.Memory): boolean =>
  (buffer as ArrayBufferLike)[Symbol.toStringTag] === 'SharedArrayBuffer';

/** How a module's import of its memory begins, up to the byte that says what kind of memory it is. */
const IMPORT = '\x03env\x06memory\x02';
/** A memory with a maximum; and one that is shared, too. */
const BOUNDED = 1;
const SHARED = 3;

/** The binary of a module that takes a shared memory, made of that of one which takes another. */
export function forSharedMemory(binary: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = String.fromCharCode(...binary.subarray(0, 8192)).indexOf(IMPORT) + IMPORT.length;
  if (at < IMPORT.length || binary[at] !== BOUNDED)
    throw new Error('The kernels do not import a memory with a maximum.');
  const patched = binary.slice();
  patched[at] = SHARED;
  return patched;
}
